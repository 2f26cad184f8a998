# syntax=docker/dockerfile:1
# Sheaf in a container (docs/deploying.md): one file, on what it needs of a system. `docker build -t sheaf .`

# On the machine that builds, whatever it builds for.
FROM --platform=$BUILDPLATFORM node:20.20.2-bookworm-slim AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN arch="${TARGETARCH:-$(dpkg --print-architecture)}" \
  && npm run binary -- --arch "$(echo "$arch" | sed s/amd64/x64/)" \
  && mv dist/sheaf-linux-* /sheaf \
  && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /sheaf /usr/local/bin/sheaf
COPY --from=build --chown=65532:65532 /data /data
ENV SHEAF_DATA=/data SHEAF_LISTEN=0.0.0.0:4747
USER 65532:65532
VOLUME /data
EXPOSE 4747
# Requests are finished, sockets told to come back, and everything is on disk.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s --retries=3 CMD ["/usr/local/bin/sheaf", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/sheaf"]
CMD ["serve"]
