import { describe, expect, it } from 'vitest'
import { pieceBytes } from './media-bytes.ts'
import { createPieceCache } from './piece-cache.ts'

const film = { read: async (position: number, length: number) => Buffer.alloc(length, position / pieceBytes) }

describe('a piece that two jobs want', () => {
  it('is read again with the second one’s own hands when the first one’s are gone', async () => {
    const cache = createPieceCache(10 * pieceBytes)
    let die = (_: Error) => {}
    const dying = { read: () => new Promise<Buffer>((_, reject) => (die = reject)) }
    const first = cache.over(dying, 'film').read(0, 10)
    const second = cache.over(film, 'film').read(0, 10)
    die(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    expect(await second).toEqual(Buffer.alloc(10, 0))
  })

  it('that a job cannot read itself is not asked for a second time', async () => {
    let reads = 0
    const broken = {
      async read() {
        reads += 1
        throw new Error('no such sector')
      },
    }
    const bytes = createPieceCache(10 * pieceBytes).over(broken, 'film')
    const both = await Promise.allSettled([bytes.read(0, 10), bytes.read(5, 10)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(reads).toBe(1)
  })

  it('is read once as long as nobody fails', async () => {
    const cache = createPieceCache(10 * pieceBytes)
    await cache.over(film, 'film').read(pieceBytes, 10)
    const other = { read: () => Promise.reject(new Error('not needed')) }
    expect(await cache.over(other, 'film').read(pieceBytes, 2)).toEqual(Buffer.alloc(2, 1))
  })
})
