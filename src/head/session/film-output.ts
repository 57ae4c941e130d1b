import type { SessionOutput } from './output.ts'

/** What a whole file needs of a file system; calls reject with what that says. */
export interface FilmFiles {
  /** Makes the file, or replaces what is in it. */
  write(path: string, bytes: Uint8Array): Promise<void>
  writeAt(path: string, position: number, bytes: Uint8Array): Promise<void>
  remove(path: string): Promise<void>
}

/** A session's output that is one file. */
export interface FilmOutput extends SessionOutput {
  /** How long it is by now. */
  readonly sizeBytes: number
}

export interface FilmOutputOptions {
  readonly path: string
  readonly files: FilmFiles
}

/**
 * Writes a file as it is made, under its own name, as the server's own transcoder does: nobody takes it for whole
 * before the job's exit code says so. A failed one is removed.
 */
export function openFilmOutput({ path, files }: FilmOutputOptions): FilmOutput {
  let sizeBytes = 0
  let isThere = false
  const make = async (): Promise<void> => {
    if (isThere) return
    await files.write(path, new Uint8Array())
    isThere = true
  }
  return {
    get sizeBytes() {
      return sizeBytes
    },
    // A place that cannot be written shows itself before anything has been made for it.
    opened: make,
    async publish({ pieces = [] }) {
      await make()
      for (const { position, bytes } of pieces) {
        await files.writeAt(path, position, bytes)
        sizeBytes = Math.max(sizeBytes, position + bytes.length)
      }
    },
    finish: async () => {},
    fail: async () => {
      if (isThere) await files.remove(path)
    },
  }
}
