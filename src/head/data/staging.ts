import { renameSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
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
   * Answers whether the segment was taken in; after close() none is. Rejects with what the disk says. `isShort` is
   * only remembered, for {@link staged}.
   */
  put(part: string, segment: number, bytes: Buffer, options?: PutOptions): Promise<boolean>
  /**
   * Begins to read a segment that is likely to be asked for next, if it is there; a copy that comes later replaces
   * what was read. It stays in memory until it is got or dropped.
   */
  readAhead(part: string, segment: number): void
  /** Rejects for a segment that is not there. */
  get(part: string, segment: number): Promise<Buffer>
  has(part: string, segment: number): boolean
  /** What is there, in no order. */
  staged(): StagedPiece[]
  /** Forgets a segment; one that is not there is no error. */
  drop(part: string, segment: number): Promise<void>
  /** Removes the folder with all that is in it, also what is being written now. */
  close(): Promise<void>
}

export interface PutOptions {
  readonly isWanted?: () => boolean
  readonly isShort?: boolean
}

export interface StagedPiece {
  readonly part: string
  readonly segment: number
  readonly isShort: boolean
}

interface Piece extends StagedPiece {
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

/** As an earlier head left it: whatever was taken in is there again. A folder that is not there is empty. */
export async function reopenStaging(folder: string): Promise<Staging> {
  const staging = new FolderStaging(folder)
  await staging.reopen()
  return staging
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

  async reopen(): Promise<void> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const found = names.flatMap((name) => pieceNamed(name) ?? []).sort((a, b) => a.serial - b.serial)
    for (const { name, serial, ...piece } of found) {
      const { size } = await stat(join(this.#folder, name))
      this.#keep(piece, join(this.#folder, name), size)
      this.#serial = serial + 1
    }
  }

  async put(part: string, segment: number, bytes: Buffer, options: PutOptions = {}): Promise<boolean> {
    const { isWanted = () => true, isShort = false } = options
    if (this.#closed) return false
    // A name of its own for each copy: whoever reads one is not disturbed by the next.
    const path = join(this.#folder, nameOf({ part, segment, isShort }, this.#serial++))
    const beside = `${path}.new`
    await this.#write(beside, bytes)
    if (this.#closed) return false
    if (!isWanted()) {
      await removeFile(beside)
      return false
    }
    // In this turn, so that what a head that starts again finds is just what had begun to count.
    renameSync(beside, path)
    this.#keep({ part, segment, isShort }, path, bytes.length)
    return true
  }

  #keep(piece: StagedPiece, path: string, size: number): void {
    const key = keyOf(piece.part, piece.segment)
    // The copy that it replaces is removed with it: the caller is to hear of it in this turn.
    const former = this.#pieces.get(key)?.allPaths ?? []
    this.#pieces.set(key, { ...piece, path, allPaths: [...former, path], size })
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

  staged(): StagedPiece[] {
    return [...this.#pieces.values()].map(({ part, segment, isShort }) => ({ part, segment, isShort }))
  }

  async drop(part: string, segment: number): Promise<void> {
    const key = keyOf(part, segment)
    const piece = this.#pieces.get(key)
    this.#pieces.delete(key)
    for (const path of piece?.allPaths ?? []) await removeFile(path)
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
      await removeFile(path)
      throw error
    } finally {
      this.#writing.delete(written)
    }
  }
}

function keyOf(part: string, segment: number): string {
  return `${part}-${segment}`
}

function nameOf({ part, segment, isShort }: StagedPiece, serial: number): string {
  return `${keyOf(part, segment)}.${serial}${isShort ? '.short' : ''}`
}

/** What a file holds by its name; null for one that was not whole when its head went. */
function pieceNamed(name: string): (StagedPiece & { name: string; serial: number }) | null {
  const [, part, segment, serial, short] = /^([a-z-]+)-(\d+)\.(\d+)(\.short)?$/.exec(name) ?? []
  if (part === undefined) return null
  return { name, part, segment: Number(segment), serial: Number(serial), isShort: short !== undefined }
}

/** One call of the system where `rm` takes three, which counts with hundreds of segments a second. */
async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
