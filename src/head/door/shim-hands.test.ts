import { describe, expect, it } from 'vitest'
import { type FrameType, frameTypes } from './frame.ts'
import { createShimHands, type ShimHands } from './shim-hands.ts'

interface Said {
  readonly type: FrameType
  readonly bytes: Buffer
}

/** Hands whose shim answers each request with what `answer` makes of it. */
function handsOf(answer: (said: Said, count: number) => Buffer): { hands: ShimHands; said: Said[] } {
  const said: Said[] = []
  const hands = createShimHands((type, payload, body) => {
    const words = { type, bytes: Buffer.concat([payload, ...(body ? [body] : [])]) }
    said.push(words)
    const answerType = type - frameTypes.file + frameTypes.fileAnswer
    if (type === frameTypes.file) setImmediate(() => hands.answer(answerType, answer(words, said.length)))
    if (type === frameTypes.read)
      setImmediate(() => hands.answer(frameTypes.readAnswer, answer(words, said.length)))
    return true
  })
  return { hands, said }
}

const good = Buffer.alloc(4)

/** One entry of a listing, and whether more are to come. */
function entries(hasMore: boolean, ...names: readonly string[]): Buffer {
  const listed = names.map((name) => {
    const head = Buffer.alloc(10)
    head.writeUInt16BE(name.length, 8)
    return Buffer.concat([head, Buffer.from(name)])
  })
  return Buffer.concat([good, Buffer.of(hasMore ? 1 : 0), ...listed])
}

describe('a shim that says what it must not', () => {
  it('is not asked for ever for the rest of a folder in which there is nothing more', async () => {
    const { hands, said } = handsOf(() => entries(true))
    await expect(hands.files.list('/a')).rejects.toMatchObject({ code: 'E_DOOR_PROTOCOL' })
    expect(said.length).toBe(1)
  })

  it('is not asked for ever for a folder without end', async () => {
    const names = Array.from({ length: 4_000 }, () => 'a')
    const { hands, said } = handsOf(() => entries(true, ...names))
    await expect(hands.files.list('/a')).rejects.toMatchObject({ code: 'E_DOOR_PROTOCOL' })
    expect(said.length).toBeGreaterThan(200)
    expect(said.length).toBeLessThan(300)
  })

  it('gives no more bytes of a file than were asked for', async () => {
    const { hands } = handsOf(() => Buffer.concat([good, Buffer.alloc(11)]))
    const reading = hands.reads.read({ argument: 1 } as never, 0, 10)
    await expect(reading).rejects.toMatchObject({ code: 'E_DOOR_PROTOCOL' })
  })

  it('fails one request with half an answer, and takes the next', async () => {
    const { hands } = handsOf((_, count) => (count === 1 ? Buffer.alloc(3) : entries(false, 'film')))
    await expect(hands.files.list('/a')).rejects.toMatchObject({ code: 'E_DOOR_PROTOCOL' })
    expect(await hands.files.list('/a')).toEqual([{ name: 'film', size: 0 }])
  })
})

describe('a file that is written through a shim', () => {
  it('goes in pieces that fit a frame, each where the one before has ended', async () => {
    const { hands, said } = handsOf(() => good)
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251))
    await hands.files.write('/a/b', bytes)
    const heads = 10 + 2 + '/a/b'.length
    const pieces = said.map((words) => words.bytes.subarray(heads))
    expect(said.every((words) => words.bytes.length <= 64 * 1024)).toBe(true)
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    expect(said.map((words) => Number(words.bytes.readBigUInt64BE(2)))).toEqual([0, 65_520, 131_040, 196_560])
  })
})
