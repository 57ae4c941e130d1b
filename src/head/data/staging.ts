import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Segments of one session on the head's own disk, from their arrival until they are published. They wait here,
 * not in the media server's folder and not in memory.
 */
export interface Staging {
  /** Bytes that wait now. */
  readonly bytes: number
  /**
   * Takes a segment in, whole or not at all; a former one of the same number is replaced. `isWanted` is asked when
   * the bytes are written, in the turn in which they would begin to count: another copy may have come meanwhile.
   * Answers whether the segment was taken in; after close() none is. Rejects with what the disk says.
   */
  put(part: string, segment: number, bytes: Buffer, isWanted?: () => boolean): Promise<boolean>
  /**
   * Begins to read a segment that is likely to be asked for next, if it is there; a copy that comes later replaces
   * what was read. It stays in memory until it is got or dropped.
   */
  readAhead(part: string, segment: number): void
  /** Rejects for a segment that is not there. */
  get(part: string, segment: number): Promise<Buffer>
  has(part: string, segment: number): boolean
  /** Forgets a segment; one that is not there is no error. */
  drop(part: string, segment: number): Promise<void>
  /** Removes the folder with all that is in it, also what is being written now. */
  close(): Promise<void>
}

interface Piece {
  readonly path: string
  /** Of this copy and of those that it replaced. */
  readonly allPaths: readonly string[]
  readonly size: number
  /** Its bytes, read ahead. */
  reading?: Promise<Buffer>
}

/** The folder is made when the first segment comes; it must not be used by anybody else. */
export function createStaging(folder: string): Staging {
  return new FolderStaging(folder)
}

class FolderStaging implements Staging {
  readonly #folder: string
  readonly #pieces = new Map<string, Piece>()
  readonly #writing = new Set<Promise<unknown>>()
  #folderMade: Promise<unknown> | null = null
  #serial = 0
  #closed = false

  constructor(folder: string) {
    this.#folder = folder
  }

  get bytes(): number {
    let sum = 0
    for (const { size } of this.#pieces.values()) sum += size
    return sum
  }

  async put(part: string, segment: number, bytes: Buffer, isWanted = () => true): Promise<boolean> {
    if (this.#closed) return false
    const key = keyOf(part, segment)
    // A name of its own for each copy: whoever reads one is not disturbed by the next.
    const path = join(this.#folder, `${key}.${this.#serial++}`)
    await this.#write(path, bytes)
    if (this.#closed) return false
    if (!isWanted()) {
      await rm(path, { force: true })
      return false
    }
    // The copy that it replaces is removed with it: the caller is to hear of it in this turn.
    const former = this.#pieces.get(key)?.allPaths ?? []
    this.#pieces.set(key, { path, allPaths: [...former, path], size: bytes.length })
    return true
  }

  readAhead(part: string, segment: number): void {
    const piece = this.#pieces.get(keyOf(part, segment))
    if (!piece || piece.reading) return
    piece.reading = readFile(piece.path)
    // Whoever gets it hears of the failure; when it is dropped or the session ends, nobody needs to.
    piece.reading.catch(() => undefined)
  }

  async get(part: string, segment: number): Promise<Buffer> {
    const piece = this.#pieces.get(keyOf(part, segment))
    if (!piece) throw new Error(`segment ${segment} of ${part} is not staged`)
    const { reading = readFile(piece.path) } = piece
    delete piece.reading
    return reading
  }

  has(part: string, segment: number): boolean {
    return this.#pieces.has(keyOf(part, segment))
  }

  async drop(part: string, segment: number): Promise<void> {
    const key = keyOf(part, segment)
    const piece = this.#pieces.get(key)
    this.#pieces.delete(key)
    for (const path of piece?.allPaths ?? []) await rm(path, { force: true })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#pieces.clear()
    // A file that appears while its folder is being removed would keep the folder.
    await Promise.allSettled(this.#writing)
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    this.#folderMade ??= mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const written = this.#folderMade.then(() => writeFile(path, bytes, { mode: 0o600, flag: 'wx' }))
    this.#writing.add(written)
    try {
      await written
    } catch (error) {
      await rm(path, { force: true })
      throw error
    } finally {
      this.#writing.delete(written)
    }
  }
}

function keyOf(part: string, segment: number): string {
  return `${part}-${segment}`
}
