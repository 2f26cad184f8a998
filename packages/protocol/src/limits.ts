// The limits of one server, in the units of their names. The server announces them in `hello`; docs/protocol.md lists them.

export interface Limits {
  /** Encoded bytes of one live update. */
  readonly maxUpdateBytes: number
  /** Encoded bytes of one sync step 2 (a paste, an import, days offline), chunked or not. */
  readonly maxStep2Bytes: number
  /** Structs in one update. */
  readonly maxStructs: number
  /** Encoded bytes of a whole document. */
  readonly maxDocumentBytes: number
  /** Bytes of one register, atom or format value. */
  readonly maxValueBytes: number
  /** UTF-8 bytes of one awareness state. */
  readonly maxAwarenessBytes: number
  /** Nesting of one awareness state, and client ids that one socket may show. */
  readonly maxAwarenessDepth: number
  readonly awarenessIds: number
  readonly awarenessPerSecond: number
  /** Messages of any kind. Who sends more is closed; the other rates slow down first. */
  readonly messagesPerSecond: number
  readonly messagesBurst: number
  readonly updatesPerSecond: number
  readonly updatesBurst: number
  readonly updateBytesPerSecond: number
  /** Steps of applying updates, some 0.3 microseconds each. */
  readonly workPerSecond: number
  readonly workBurst: number
  /** Requests for the state (step 1). */
  readonly step1PerSecond: number
  readonly step1Burst: number
  /** Updates of one socket that may wait for their turn in these rates; who sends more is closed. */
  readonly maxWaitingUpdates: number
  readonly maxWaitingBytes: number
  readonly socketsPerDocument: number
  /** Bytes from all sockets of one address; who sends faster is read more slowly. */
  readonly intakeBytesPerSecond: number
  readonly intakeBytesBurst: number
  /** Bytes of messages in chunks that have not come whole yet, over all sockets. */
  readonly maxAssemblingBytes: number
  /** Time for the request that opens a socket, and bytes of its head. */
  readonly handshakeMs: number
  readonly maxHeaderBytes: number
  /** Sockets of one address without login, and of one account. */
  readonly socketsPerAddress: number
  readonly socketsPerUser: number
  readonly socketsPerProcess: number
  /** Bytes waiting for one socket above which forwarding stops, and above which the socket is closed. */
  readonly softSendBytes: number
  readonly hardSendBytes: number
  /** One WebSocket frame; `ws` itself closes with 1009 above twice the largest legal frame. */
  readonly maxFrameBytes: number
  /** Requests to the API of one token, account or address; some cost more than one. */
  readonly requestsPerSecond: number
  readonly requestsBurst: number
  /** Of them, what changes one document. */
  readonly editsPerSecond: number
  readonly editsBurst: number
  /** Body of one HTTP request. */
  readonly maxRequestBytes: number
  /** One uploaded file, and all files of one document. */
  readonly maxUploadBytes: number
  readonly maxDocumentUploadBytes: number
}

const KiB = 1024
const MiB = 1024 * KiB

/** {@link Limits.maxUpdateBytes} where nobody has said another one; by itself, so that a page need not load the others. */
export const defaultMaxUpdateBytes = 1 * MiB

export const defaultLimits: Limits = {
  maxUpdateBytes: defaultMaxUpdateBytes,
  maxStep2Bytes: 17 * MiB,
  maxStructs: 2_000_000,
  maxDocumentBytes: 16 * MiB,
  maxValueBytes: 4 * KiB,
  maxAwarenessBytes: 4 * KiB,
  maxAwarenessDepth: 8,
  awarenessIds: 2,
  awarenessPerSecond: 20,
  messagesPerSecond: 480,
  messagesBurst: 2_400,
  updatesPerSecond: 60,
  updatesBurst: 300,
  updateBytesPerSecond: 512 * KiB,
  workPerSecond: 500_000,
  workBurst: 4_000_000,
  step1PerSecond: 0.1,
  step1Burst: 3,
  maxWaitingUpdates: 1_500,
  maxWaitingBytes: 2 * MiB,
  intakeBytesPerSecond: 8 * MiB,
  intakeBytesBurst: 48 * MiB,
  maxAssemblingBytes: 256 * MiB,
  handshakeMs: 10_000,
  maxHeaderBytes: 16 * KiB,
  socketsPerDocument: 1_000,
  socketsPerAddress: 50,
  socketsPerUser: 20,
  socketsPerProcess: 10_000,
  softSendBytes: 256 * KiB,
  hardSendBytes: 448 * KiB,
  maxFrameBytes: 18 * MiB,
  requestsPerSecond: 100,
  requestsBurst: 3_000,
  editsPerSecond: 60,
  editsBurst: 1_000,
  maxRequestBytes: 1 * MiB,
  maxUploadBytes: 20 * MiB,
  maxDocumentUploadBytes: 1024 * MiB,
}

/**
 * For replay and load tests on loopback (`--limits off`): rates, sockets and queues are unbounded; the bounds on the shape
 * and size of an update stay, because they keep documents loadable.
 */
export const limitsOff: Limits = {
  ...defaultLimits,
  awarenessPerSecond: Number.MAX_SAFE_INTEGER,
  messagesPerSecond: Number.MAX_SAFE_INTEGER,
  messagesBurst: Number.MAX_SAFE_INTEGER,
  updatesPerSecond: Number.MAX_SAFE_INTEGER,
  updatesBurst: Number.MAX_SAFE_INTEGER,
  updateBytesPerSecond: Number.MAX_SAFE_INTEGER,
  workPerSecond: Number.MAX_SAFE_INTEGER,
  workBurst: Number.MAX_SAFE_INTEGER,
  step1PerSecond: Number.MAX_SAFE_INTEGER,
  step1Burst: Number.MAX_SAFE_INTEGER,
  maxWaitingUpdates: Number.MAX_SAFE_INTEGER,
  maxWaitingBytes: Number.MAX_SAFE_INTEGER,
  intakeBytesPerSecond: Number.MAX_SAFE_INTEGER,
  intakeBytesBurst: Number.MAX_SAFE_INTEGER,
  socketsPerDocument: Number.MAX_SAFE_INTEGER,
  socketsPerAddress: Number.MAX_SAFE_INTEGER,
  socketsPerUser: Number.MAX_SAFE_INTEGER,
  socketsPerProcess: Number.MAX_SAFE_INTEGER,
  requestsPerSecond: Number.MAX_SAFE_INTEGER,
  requestsBurst: Number.MAX_SAFE_INTEGER,
  editsPerSecond: Number.MAX_SAFE_INTEGER,
  editsBurst: Number.MAX_SAFE_INTEGER,
}

/** Largest payload of one chunk message (107), either direction. */
export const chunkBytes = 256 * KiB

/** The server sends an application message at least this often; the stock watchdog closes after 30 s without one. */
export const keepaliveMs = 20_000
