import { describe, expect, it } from 'vitest'
import { mostEdits } from './edit-lists.ts'

const box = (type: string, ...contents: Buffer[]): Buffer => {
  const head = Buffer.alloc(8)
  const body = Buffer.concat(contents)
  head.writeUInt32BE(8 + body.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

const longBox = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(1, 0)
  head.write(type, 4, 'latin1')
  head.writeBigUInt64BE(BigInt(16 + body.length), 8)
  return Buffer.concat([head, body])
}

/** An edit list of pieces that begin at these ticks; -1 is a pause. */
const elst = (...starts: number[]): Buffer => {
  const list = Buffer.alloc(8 + 12 * starts.length)
  list.writeUInt32BE(starts.length, 4)
  for (const [index, start] of starts.entries()) list.writeInt32BE(start, 8 + 12 * index + 4)
  return box('elst', list)
}

const longElst = (...starts: bigint[]): Buffer => {
  const list = Buffer.alloc(8 + 20 * starts.length)
  list[0] = 1
  list.writeUInt32BE(starts.length, 4)
  for (const [index, start] of starts.entries()) list.writeBigInt64BE(start, 8 + 20 * index + 8)
  return box('elst', list)
}

const trak = (...lists: Buffer[]): Buffer => box('trak', box('tkhd', Buffer.alloc(84)), ...lists)

async function editsOf(...boxes: Buffer[]): Promise<{ edits: number; bytesRead: number }> {
  const film = Buffer.concat(boxes)
  let bytesRead = 0
  const read = async (position: number, length: number) => {
    const bytes = film.subarray(position, position + length)
    bytesRead += bytes.length
    return bytes
  }
  return { edits: await mostEdits(read, film.length), bytesRead }
}

const edited = (...starts: number[]) => box('moov', trak(box('edts', elst(...starts))))

describe('the edit lists of an MP4', () => {
  it.each([
    ['no list', box('moov', trak()), 0],
    ['a beginning that is cut off', edited(1024), 1],
    ['a pause before the film', edited(-1, 0), 1],
    ['two pieces', edited(0, 4000), 2],
    ['a pause between two pieces', edited(0, -1, 3000), 3],
    ['a pause at the end', edited(0, -1), 2],
    ['two pieces with long times', box('moov', trak(box('edts', longElst(0n, 1n << 33n)))), 2],
    ['a long pause before the film', box('moov', trak(box('edts', longElst(-1n, 0n)))), 1],
  ])('are counted with %s', async (_, moov, edits) => {
    expect((await editsOf(box('ftyp', Buffer.alloc(16)), moov)).edits).toBe(edits)
  })

  it('count as the longest of all tracks', async () => {
    const tracks = [1, 3, 2].map((count) => trak(box('edts', elst(...Array(count).keys()))))
    expect((await editsOf(box('moov', box('mvhd', Buffer.alloc(100)), ...tracks))).edits).toBe(3)
  })

  it('are found behind the film, without reading it', async () => {
    const film = longBox('mdat', Buffer.alloc(1_000_000))
    expect(await editsOf(film, edited(0, 1))).toEqual({
      edits: 2,
      bytesRead: expect.toSatisfy((n) => n < 500),
    })
  })

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['some bytes', Buffer.from([0, 0, 0])],
    ['a box of no size', Buffer.from('\0\0\0\x04moovxxxxxxxx', 'latin1')],
    ['noise', Buffer.alloc(4096, 0xa7)],
    ['a list that says more than it has', Buffer.concat([edited(0)]).fill(0xff, 108, 112)],
  ])('are none, and no fault, in %s', async (_, film) => {
    expect((await editsOf(film)).edits).toBeLessThanOrEqual(1)
  })
})
