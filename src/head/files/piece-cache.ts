import { type MediaBytes, pieceBytes } from './media-bytes.ts'

/** Pieces of files that were read through shims, which cost more than one's own disk; the least recently used go first. */
export interface PieceCache {
  /** The same bytes, remembered. Same identity, same bytes. */
  over(bytes: MediaBytes, identity: string): MediaBytes
}

interface Piece {
  /** Whose reading it is. */
  readonly by: MediaBytes
  readonly result: Promise<Buffer>
}

/** An empty cache that keeps so many bytes. */
export function createPieceCache(limitBytes: number): PieceCache {
  const pieces = new Map<string, Piece>()
  const most = Math.max(1, Math.floor(limitBytes / pieceBytes))

  const piece = (bytes: MediaBytes, identity: string, number: number): Promise<Buffer> => {
    const key = `${identity} ${number}`
    const known = pieces.get(key) ?? { by: bytes, result: bytes.read(number * pieceBytes, pieceBytes) }
    pieces.delete(key)
    pieces.set(key, known)
    for (const oldest of [...pieces.keys()].slice(0, Math.max(0, pieces.size - most))) pieces.delete(oldest)
    // One that failed is asked for again: the next job's shim may well be able to read it.
    const forget = () => {
      if (pieces.get(key) === known) pieces.delete(key)
    }
    known.result.catch(forget)
    if (known.by === bytes) return known.result
    return known.result.catch(() => {
      forget()
      return piece(bytes, identity, number)
    })
  }
  return {
    over: (bytes, identity) => ({
      async read(position, length) {
        const parts: Buffer[] = []
        for (let at = position; at < position + length; ) {
          const number = Math.floor(at / pieceBytes)
          const from = at - number * pieceBytes
          const found = await piece(bytes, identity, number)
          const part = found.subarray(from, from + position + length - at)
          parts.push(part)
          at += part.length
          if (found.length < pieceBytes && from + part.length >= found.length) break
        }
        return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      },
    }),
  }
}
