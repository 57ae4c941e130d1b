import { constants } from 'node:os'
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeFrame, frameTypes } from '../../src/head/door/frame.ts'
import { type FakeHead, fakeHead } from './fake-head.ts'
import { type Installation, install, originalCode } from './install.ts'
import { launch } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'
import { field } from './shim-words.ts'
import { acceptFrame, localFrame, stdinNextFrame } from './words-of-a-head.ts'

beforeAll(buildShims)

/** Runs for the fuzzers. One of them is one process; PACELINE_FUZZ_RUNS asks for more. */
const fuzzRuns = Number(process.env.PACELINE_FUZZ_RUNS ?? 150)

const header = (length: number, type: number) =>
  Buffer.from([length >>> 24, length >>> 16, length >>> 8, length, type])

describe.each(shimBuilds)('Against a head that breaks the protocol, $name', (build) => {
  let place: Installation
  let head: FakeHead | undefined
  beforeEach(async () => {
    place = await install(build)
  })
  afterEach(async () => {
    await head?.close()
    await place.remove()
  })

  /** Says these bytes, in these pieces, after the hello, and closes. */
  const against = async (...pieces: readonly Buffer[]) => {
    await head?.close()
    head = await fakeHead(place.socket, async (frame, socket) => {
      if (frame.type !== frameTypes.hello) return
      for (const piece of pieces) await new Promise((written) => socket.write(piece, written))
      socket.end()
    })
    return launch(place, { stdin: Buffer.from('some input') }).ended
  }

  test.each([
    ['a type that no head sends', header(0, 0x42)],
    ['a frame of the shim', header(0, frameTypes.hello)],
    ['a type beyond the last', header(0, 0x8c)],
    [
      'an answer whose fields do not end where it ends',
      encodeFrame(frameTypes.accept, Buffer.from([0, 1, 1, 0, 0, 0, 9])),
    ],
    ['a frame that is too long', header(65_537, frameTypes.local)],
    ['the longest length there is', header(0xffffffff, frameTypes.accept)],
    ['output before the answer', encodeFrame(frameTypes.stdout, Buffer.from('x'))],
    ['an exit before the answer', encodeFrame(frameTypes.exit, Buffer.from([0, 0]))],
    ['an answer without a version', header(0, frameTypes.accept)],
    ['a version that it does not speak', encodeFrame(frameTypes.accept, Buffer.from([0, 2]))],
    ['half a header', header(0, frameTypes.accept).subarray(0, 3)],
    ['half an answer', acceptFrame.subarray(0, 6)],
    ['a web page', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('becomes the original when the first word is %s', async (_what, words) => {
    const { code, stderr } = await against(words)
    expect({ code, stderr: stderr.toString() }).toEqual({ code: originalCode, stderr: '' })
    expect((await place.seen()).stdin.toString()).toBe('some input')
  })

  test.each([
    ['a second accept', acceptFrame],
    ['an unknown frame', header(0, 0x99)],
    ['a frame that is too long', header(65_537, frameTypes.stdout)],
    ['a request of files that it was not told of', encodeFrame(frameTypes.file, Buffer.of(1))],
    ['a request of HTTP that it was not told of', encodeFrame(frameTypes.http, Buffer.of(1))],
    ['a request to read that it was not told of', encodeFrame(frameTypes.read, Buffer.of(1))],
    ['a resume list that it was not told of', encodeFrame(frameTypes.resume, Buffer.of(0))],
    ['a beat that it was not told of', encodeFrame(frameTypes.beat, Buffer.of(0, 0, 8, 0))],
    ['an exit without a code', encodeFrame(frameTypes.exit)],
    ['an exit of a third kind', encodeFrame(frameTypes.exit, Buffer.from([2, 0]))],
    ['an exit by signal 0', encodeFrame(frameTypes.exit, Buffer.from([1, 0]))],
    ['an exit by a signal that there is not', encodeFrame(frameTypes.exit, Buffer.from([1, 65]))],
    [
      'an exit by a signal that would only stop it',
      encodeFrame(frameTypes.exit, Buffer.from([1, constants.signals.SIGSTOP])),
    ],
    ['local after input was asked for', Buffer.concat([stdinNextFrame, localFrame])],
    ['local after output', Buffer.concat([encodeFrame(frameTypes.stderr, Buffer.from('')), localFrame])],
  ])('ends with 76 when an accepted job hears %s', async (_what, words) => {
    const { code, stderr } = await against(acceptFrame, words)
    expect(code).toBe(76)
    expect(stderr.toString()).toMatch(/^paceline-shim: .*broke the protocol.*\n$/)
  })

  test('understands a head that writes byte by byte', async () => {
    const words = Buffer.concat([
      acceptFrame,
      encodeFrame(frameTypes.stdout, Buffer.from('out')),
      encodeFrame(frameTypes.stderr, Buffer.from('err')),
      encodeFrame(frameTypes.exit, Buffer.from([0, 17])),
    ])
    const { code, stdout, stderr } = await against(...Array.from(words, (byte) => Buffer.of(byte)))
    expect([code, stdout.toString(), stderr.toString()]).toEqual([17, 'out', 'err'])
  })

  test('takes an answer with more in it than it knows', async () => {
    const answer = encodeFrame(
      frameTypes.accept,
      Buffer.concat([Buffer.from([0, 1]), field(0x55, Buffer.from('?')), field(0x01, Buffer.from('flying'))]),
    )
    expect((await against(answer, encodeFrame(frameTypes.exit, Buffer.from([0, 8])))).code).toBe(8)
  })

  test('sends one frame of input for each that is asked for, however much there is', async () => {
    const lengths: number[] = []
    head = await fakeHead(place.socket, (frame, socket) => {
      if (frame.type === frameTypes.hello) {
        socket.write(acceptFrame)
        socket.write(stdinNextFrame)
        return
      }
      lengths.push(frame.payload.length)
      if (lengths.length === 2)
        setTimeout(() => socket.write(encodeFrame(frameTypes.exit, Buffer.from([0, 0]))), 150)
      else setTimeout(() => socket.write(stdinNextFrame), 150)
    })
    const { code } = await launch(place, { stdin: Buffer.alloc(1_000_000) }).ended
    expect(code).toBe(0)
    expect(lengths.length).toBe(2)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(65_536)
  })

  test('ends in one of its documented ways whatever the head says', async () => {
    const types = fc.oneof(fc.constantFrom(...Object.values(frameTypes)), fc.integer({ min: 0, max: 255 }))
    const payload = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 400 }))
    const whole = fc
      .tuple(types, payload)
      .map(([type, bytes]) => Buffer.concat([header(bytes.length, type), bytes]))
    const lying = fc
      .tuple(types, fc.nat(0xffffffff), payload)
      .map(([type, length, bytes]) => Buffer.concat([header(length, type), bytes]))
    const output = fc
      .tuple(fc.constantFrom(frameTypes.stdout, frameTypes.stderr), fc.nat(65_536))
      .map(([type, length]) => encodeFrame(type, Buffer.alloc(length, 'o')))
    const word = fc.oneof(
      { weight: 4, arbitrary: whole },
      lying,
      output,
      fc.constant(stdinNextFrame),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    )
    const words = fc.tuple(fc.boolean(), fc.array(word, { maxLength: 12 }))
    await fc.assert(
      fc.asyncProperty(words, async ([isAccepted, list]) => {
        const { code, signal, stderr } = await against(...(isAccepted ? [acceptFrame] : []), ...list)
        // An exit frame may well ask for any code or signal, so only what the sanitizers say is a failure here;
        // they are heard by launch(), and a shim that hangs by the time limit.
        expect(code === null).not.toBe(signal === null)
        expect(stderr.length).toBeLessThan(12 * 65_536 + 1_000)
      }),
      { numRuns: build.isSanitized ? fuzzRuns : 20, endOnFailure: true },
    )
  })
})
