import { isAbsolute, join } from 'node:path'

/** The job's working directory, where the media server looks for segments; and absolute names that its arguments have. */
export interface SegmentFolder {
  /** Creates an empty file, as the transcoder does when it begins a segment. */
  create(name: string): Promise<void>
  /**
   * Puts these bytes under the name in one step: whoever opens it sees the empty file or the whole one.
   */
  place(name: string, bytes: Uint8Array): Promise<void>
}

/** What the folder needs of a file system; calls reject with what that says. */
export interface FolderFiles {
  /** Makes the file, or replaces what is in it. */
  write(path: string, bytes: Uint8Array): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
}

export interface SegmentFolderOptions {
  readonly directory: string
  readonly files: FolderFiles
  /** There is no room: the segment waits until there is. Told once for each time of waiting. */
  readonly onFull: (name: string) => void
  /** There is room again. */
  readonly onRoom: () => void
  /** Aborted when nobody waits for segments any more. */
  readonly signal: AbortSignal
  /** Between two looks whether there is room; 1,000 unless told. */
  readonly retryMilliseconds?: number
}

/** Takes the folder as it is, and rejects in each call with what the file system says when it is not there. */
export function openSegmentFolder(options: SegmentFolderOptions): SegmentFolder {
  const { directory, files } = options
  const pathOf = (name: string) => (isAbsolute(name) ? name : join(directory, name))
  return {
    create: (name) => whenThereIsRoom(options, name, () => files.write(pathOf(name), new Uint8Array())),
    place: (name, bytes) =>
      whenThereIsRoom(options, name, async () => {
        // Elsewhere only what the arguments name may be written, and that with `.tmp` behind it.
        const beside = isAbsolute(name) ? `${name}.tmp` : join(directory, `.${name}.tmp`)
        try {
          await files.write(beside, bytes)
          await files.rename(beside, pathOf(name))
        } catch (error) {
          // What is left of it takes room; whether that can be removed changes nothing about the failure.
          await files.remove(beside).catch(() => undefined)
          throw error
        }
      }),
  }
}

const retryMilliseconds = 1_000

/** How a write waits for room; see {@link SegmentFolderOptions}. */
export type RoomWaiting = Pick<SegmentFolderOptions, 'onFull' | 'onRoom' | 'signal' | 'retryMilliseconds'>

/** A full disk is the user's to clear: until then nothing is lost, and the look-ahead stops by itself. */
export async function whenThereIsRoom(
  options: RoomWaiting,
  name: string,
  write: () => Promise<void>,
): Promise<void> {
  for (let hasWaited = false; ; hasWaited = true) {
    try {
      await write()
      if (hasWaited) options.onRoom()
      return
    } catch (error) {
      if (!isFull(error) || options.signal.aborted) throw error
      if (!hasWaited) options.onFull(name)
      await pause(options.retryMilliseconds ?? retryMilliseconds, options.signal)
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

/** Resolves after the time, or at once when the signal is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, milliseconds)
    signal.addEventListener('abort', over, { once: true })
  })
}
