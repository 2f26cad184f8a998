// The folders of /api/v1: one tree, told whole. What lies in a folder is asked for with `GET /documents?folder=`.

import { SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Folder, type Folders, maxFolderName } from '../accounts/folders.ts'
import { folderTarget } from '../accounts/sharing.ts'
import type { Trash } from '../accounts/trash.ts'
import { check, readJson } from './body.ts'
import { type AppEnv, methods } from './routes.ts'

export interface FolderRoutesOptions {
  readonly folders: Folders
  readonly trash: Trash
  readonly maxRequestBytes: number
}

/** A folder as the API shows it. */
export interface FolderResource {
  readonly id: string
  readonly name: string
  /** Null at the top. */
  readonly parent: string | null
  readonly createdAt: string
}

const name = z
  .string()
  .trim()
  .min(1)
  .max(maxFolderName)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'A name is one line without control characters')
const parent = z.string().max(100).nullable()
export const createFields = z.strictObject({ name, parent: parent.default(null) })
export const patchFields = z.strictObject({ name: name.optional(), parent: parent.optional() })
export const deleteQuery = z.strictObject({ contents: z.enum(['up', 'trash']).default('trash') })

export function folderRoutes({ folders, trash, maxRequestBytes: maxBytes }: FolderRoutesOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()

  methods(app, '/folders', {
    GET: async c => c.json({ items: (await folders.list()).map(toResource) }),
    POST: async c => {
      const folder = await folders.create(await readJson(c.req.raw, { schema: createFields, maxBytes }))
      return c.json(toResource(folder), 201, { location: `/api/v1/folders/${folder.id}` })
    },
  })

  methods(app, '/folders/:id', {
    GET: async c => {
      const folder = (await folders.pathOf(folderIdOf(c))).at(-1)
      if (folder === undefined) throw new SheafError('not-found', 'There is no such folder.')
      return c.json(toResource(folder))
    },
    PATCH: async c => {
      const mediaTypes = ['application/merge-patch+json', 'application/json']
      const { name, parent } = await readJson(c.req.raw, { schema: patchFields, maxBytes, mediaTypes })
      const fields = { ...(name !== undefined && { name }), ...(parent !== undefined && { parent }) }
      const folder = await folders.change(folderIdOf(c), fields)
      if (parent !== undefined) c.get('access').authority.changed({ target: folderTarget(folder.id) })
      return c.json(toResource(folder))
    },
    DELETE: async c => {
      const { contents } = check(deleteQuery, c.req.query())
      return c.json({ documents: await trash.throwFolderAway(folderIdOf(c), contents) })
    },
  })

  methods(app, '/folders/:id/restore', {
    POST: async c => c.json({ documents: await trash.takeFolderBack(folderIdOf(c)) }),
  })

  return app
}

function folderIdOf(c: Context<AppEnv>): string {
  return c.req.param('id') ?? ''
}

function toResource({ id, name, parent, createdMs }: Folder): FolderResource {
  return { id, name, parent, createdAt: new Date(createdMs).toISOString() }
}
