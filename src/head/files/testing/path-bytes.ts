import { open } from 'node:fs/promises'
import type { MediaBytes } from '../media-bytes.ts'

/** The bytes that are at a path whenever somebody reads them. */
export function pathBytes(path: string): MediaBytes {
  return {
    async read(position, length) {
      const file = await open(path, 'r')
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
  }
}

/** For what nobody reads. */
export const noBytes: MediaBytes = { read: () => Promise.reject(new Error('nobody reads this')) }
