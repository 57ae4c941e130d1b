import type { FileHandle } from 'node:fs/promises'
import { expect, it } from 'vitest'
import type { DoorJob } from '../door/door-job.ts'
import type { HelloInput } from '../door/hello.ts'
import { viewForJob } from './input-view.ts'

it('a file that is gone as soon as it was opened is closed again', async () => {
  let isClosed = false
  const handle = {
    async close() {
      isClosed = true
    },
  } as unknown as FileHandle
  const roots = { folders: ['/films'], open: async () => handle, hasRoomFor: async () => false }
  const view = viewForJob({} as DoorJob, {} as HelloInput, '/no/such/film.mkv', roots)
  await expect(view).rejects.toMatchObject({ code: 'ENOENT' })
  expect(isClosed).toBe(true)
})
