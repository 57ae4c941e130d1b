import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeFrame, type Frame, frameTypes } from '../../src/head/door/frame.ts'
import type { ResumeList } from '../../src/head/door/hands.ts'
import { readHello } from '../../src/head/door/hello.ts'
import { type FakeHead, fakeHead } from './fake-head.ts'
import { type Installation, install, originalCode } from './install.ts'
import { launch } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'
import { acceptFrame, acceptWithHands, beatFrame, localFrame, resumeFrame } from './words-of-a-head.ts'

beforeAll(buildShims)

const args = ['-ss', '300', '-i', '/no/film.mkv', '-progressurl', 'http://127.0.0.1:1/p']
const later: ResumeList = [{ kind: 'value', argument: 1, value: '321' }]
const laterArgs = ['-ss', '321', ...args.slice(2)]
const exitFrame = encodeFrame(frameTypes.exit, Buffer.of(0, 7))
const note = 'session-1 107'

describe.each(shimBuilds)('When its head goes and starts again, $name', (build) => {
  let place: Installation
  const heads: FakeHead[] = []
  beforeEach(async () => {
    place = await install(build)
  })
  afterEach(async () => {
    for (const head of heads.splice(0)) await head.close()
    await place.remove()
  })

  /** A head that answers a hello so. What it hears is kept. */
  const headThat = async (answer: (hello: Frame, socket: Socket) => void) => {
    await rm(place.socket, { force: true })
    const head = await fakeHead(place.socket, (frame, socket) => {
      if (frame.type === frameTypes.hello) answer(frame, socket)
    })
    heads.push(head)
    return head
  }
  /** The head that goes: it leaves this and dies 100 ms later, listening socket and all. */
  const dyingHead = (...words: Buffer[]) =>
    new Promise<void>((gone, failed) => {
      const made = headThat((_, socket) => {
        socket.write(Buffer.concat([acceptWithHands, ...words]))
        setTimeout(() => void made.then((head) => head.close()).then(gone, failed), 100)
      })
      made.catch(failed)
    })
  const run = async (silenceMs: number, ...words: Buffer[]) => {
    const gone = dyingHead(resumeFrame(later, false, note), beatFrame(silenceMs), ...words)
    await delay(50)
    return { gone, ...launch(place, { args }) }
  }

  test('shows the next one the note that was left, and goes on with it', async () => {
    const { gone, ended } = await run(5_000)
    await gone
    await delay(200)
    const next = await headThat((_, socket) => socket.write(Buffer.concat([acceptWithHands, exitFrame])))
    expect(await ended).toMatchObject({ code: 7, stderr: Buffer.from('') })
    const hello = readHello(next.frames[0]!.payload)
    expect(hello).toMatchObject({ note, args })
    await expect(place.seen()).rejects.toThrow('ENOENT')
  })

  test('says nothing of a note in its first hello', async () => {
    const head = await headThat((_, socket) => socket.write(Buffer.concat([acceptWithHands, exitFrame])))
    await launch(place, { args }).ended
    expect(readHello(head.frames[0]!.payload)).not.toHaveProperty('note')
  })

  test('becomes the original with the list when none comes in the time that the last beat allowed', async () => {
    const { ended } = await run(700)
    const { code, elapsedMs } = await ended
    expect(code).toBe(originalCode)
    expect((await place.seen()).argv).toEqual(laterArgs)
    expect(elapsedMs).toBeGreaterThan(700)
    expect(elapsedMs).toBeLessThan(2_000)
  })

  test('becomes the original with the list when the next one does not want the job', async () => {
    const { gone, ended } = await run(5_000)
    await gone
    await headThat((_, socket) => socket.write(localFrame))
    expect((await ended).code).toBe(originalCode)
    expect((await place.seen()).argv).toEqual(laterArgs)
  })

  test('becomes the original at once when the list was left without a note', async () => {
    const { ended } = await run(5_000, resumeFrame(later))
    const { code, elapsedMs } = await ended
    expect(code).toBe(originalCode)
    expect((await place.seen()).argv).toEqual(laterArgs)
    expect(elapsedMs).toBeLessThan(2_000)
  })

  test('loses the next one as it lost the first, and the list of that counts then', async () => {
    const { gone, ended } = await run(5_000)
    await gone
    const last: ResumeList = [{ kind: 'value', argument: 1, value: '400' }]
    await dyingHead(resumeFrame(last), beatFrame(600))
    expect((await ended).code).toBe(originalCode)
    expect((await place.seen()).argv[1]).toBe('400')
  })

  test('keeps the list that it had while the next one has left none', async () => {
    const { gone, ended } = await run(900)
    await gone
    await dyingHead()
    expect((await ended).code).toBe(originalCode)
    expect((await place.seen()).argv).toEqual(laterArgs)
  })

  test('dies of a signal that comes meanwhile', async () => {
    const { gone, child, ended } = await run(8_000)
    await gone
    await delay(100)
    child.kill('SIGTERM')
    const { signal, elapsedMs } = await ended
    expect(signal).toBe('SIGTERM')
    expect(elapsedMs).toBeLessThan(3_000)
  })

  test('tells the next one of a signal that came while that decided', async () => {
    const { gone, child, ended } = await run(8_000)
    await gone
    let line: Socket | undefined
    const next = await headThat((_, socket) => {
      line = socket
      child.kill('SIGTERM')
      setTimeout(() => socket.write(Buffer.concat([acceptWithHands, beatFrame(8_000)])), 300)
    })
    const isTold = () => next.frames.some(({ type }) => type === frameTypes.signal)
    for (let looks = 0; looks < 60 && !isTold(); looks += 1) await delay(50)
    expect(isTold()).toBe(true)
    line?.write(exitFrame)
    expect(await ended).toMatchObject({ code: 7 })
  })

  test('takes a note of a head that never said it would leave any for a breach', async () => {
    await headThat((_, socket) => socket.write(Buffer.concat([acceptFrame, resumeFrame(later, false, note)])))
    expect((await launch(place, { args }).ended).code).toBe(76)
  })

  test.each([
    ['longer than 64 bytes', Buffer.concat([Buffer.of(4, 65), Buffer.alloc(65, 0x61)])],
    ['cut off', Buffer.of(4, 10, 0x61)],
    ['empty', Buffer.of(4, 0)],
  ])('takes a note that is %s for a breach', async (_, payload) => {
    await headThat((_hello, socket) =>
      socket.write(Buffer.concat([acceptWithHands, encodeFrame(frameTypes.resume, payload)])),
    )
    expect((await launch(place, { args }).ended).code).toBe(76)
  })
})
