import type { ByteSource } from '../probe/byte-source.ts'

/** The bytes of a media file, wherever they come from; whoever opened them closes them. */
export type MediaBytes = Pick<ByteSource, 'read'>

/** Bytes that are read and handed on at a time. */
export const pieceBytes = 256 * 1024

/**
 * A stretch of a file, piece by piece, each read when the one before has been taken. Throws when the file turns out to
 * be shorter: what is sent of it must not look whole.
 */
export async function* stretchOf(bytes: MediaBytes, first: number, last: number): AsyncGenerator<Buffer> {
  for (let at = first; at <= last; ) {
    // Pieces lie on a grid, so that two readers of the same file want the same ones.
    const end = Math.min(last + 1, (Math.floor(at / pieceBytes) + 1) * pieceBytes)
    const piece = await bytes.read(at, end - at)
    if (piece.length < end - at)
      throw new Error(`a file that ends at ${at + piece.length}, not at ${last + 1}`)
    yield piece
    at = end
  }
}
