// Ada, alone on a server of her own, for all tests of a suite.

import { beforeAll } from 'vitest'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

export interface Alone {
  readonly server: ServerProcess
  readonly ada: Person
}

/** To be called in a suite; both are there once its tests run, and go when they have run. */
export function adaAlone(): Alone {
  let server: ServerProcess
  let ada: Person
  beforeAll(async () => {
    server = await ServerProcess.start()
    ada = await Person.arrive({ name: 'Ada' })
    return async () => {
      await ada.leave()
      await server.dispose()
    }
  })
  return {
    get server() {
      return server
    },
    get ada() {
      return ada
    },
  }
}
