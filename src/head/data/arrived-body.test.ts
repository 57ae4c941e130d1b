import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBody } from './arrived-body.ts'

/** A request whose body comes in these pieces. */
function arriving(pieces: readonly Buffer[], length?: number | string, ending?: Error) {
  return {
    headers: length === undefined ? {} : { 'content-length': String(length) },
    async *[Symbol.asyncIterator]() {
      yield* pieces
      if (ending) throw ending
    },
  } as unknown as Parameters<typeof readBody>[0]
}

const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const mebibyte = 1024 * 1024

describe('a body that arrives', () => {
  it('is what was sent, with its digest, however it is cut and whatever was said of its length', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(pieces, fc.option(fc.nat(30_000), { nil: undefined }), async (parts, said) => {
        const whole = Buffer.concat(parts)
        const read = await readBody(arriving(parts.map(Buffer.from), said), 100_000)
        expect(read.bytes.equals(whole)).toBe(true)
        expect(read.sha256).toBe(digestOf(whole))
      }),
    )
  })

  it('may be larger than the room that is made at first', async () => {
    const pieces = Array.from({ length: 9 }, () => randomBytes(mebibyte))
    const whole = Buffer.concat(pieces)
    for (const said of [undefined, whole.length]) {
      const read = await readBody(arriving(pieces, said), 16 * mebibyte)
      expect(read.bytes.equals(whole)).toBe(true)
      expect(read.sha256).toBe(digestOf(whole))
    }
  })

  it('takes the room of one body, not of two', async () => {
    const pieces = [randomBytes(mebibyte), randomBytes(100)]
    const { bytes } = await readBody(arriving(pieces, mebibyte + 100), 16 * mebibyte)
    expect(bytes.buffer.byteLength).toBe(mebibyte + 100)
  })

  it('costs next to nothing while nothing of it comes, however much was said', async () => {
    const before = process.memoryUsage().arrayBuffers
    const never = new Promise<Buffer>(() => {})
    const silent = {
      headers: { 'content-length': String(250 * mebibyte) },
      [Symbol.asyncIterator]: () => ({ next: () => never }),
    }
    for (let count = 0; count < 10; count++) {
      void readBody(silent as unknown as Parameters<typeof readBody>[0], 256 * mebibyte)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60 * mebibyte)
  })

  it.each([
    ['by what is said of its length', [Buffer.alloc(1)], 1_001],
    ['by what comes, where nothing is said', [Buffer.alloc(600), Buffer.alloc(600)], undefined],
    ['by what comes, whatever is said', [Buffer.alloc(600), Buffer.alloc(600)], 10],
  ])('is refused when it is too large: %s', async (_name, pieces, said) => {
    await expect(readBody(arriving(pieces, said), 1_000)).rejects.toMatchObject({ statusCode: 413 })
  })

  it('is none when the connection ends before it is whole', async () => {
    const torn = Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
    const read = readBody(arriving([Buffer.alloc(5)], 10, torn), 1_000)
    await expect(read).rejects.toBe(torn)
    // The sender's fault: a status of 500 would be a fault of the head's own, in its log each time.
    await expect(read).rejects.toMatchObject({ code: 'ECONNRESET', statusCode: 400 })
  })
})
