import { mkdir, readdir, realpath } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeFrame, frameTypes } from '../../src/head/door/frame.ts'
import { httpRequests, writeRequests } from '../../src/head/door/hand-requests.ts'
import type { ResumeList } from '../../src/head/door/hands.ts'
import { type FakeHead, fakeHead } from './fake-head.ts'
import { type Installation, install, originalCode } from './install.ts'
import { launch } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'
import { acceptWithHands, beatFrame, localFrame, resumeFrame } from './words-of-a-head.ts'

beforeAll(buildShims)

const args = (list = 'http://127.0.0.1:1/list') => [
  ...[
    '-codec:0',
    'h264',
    '-ss',
    '300',
    '-i',
    '/films/a b.mkv',
    '-fps_mode',
    'cfr',
    '-progressurl',
    'http://127.0.0.1:1/p',
  ],
  ...[
    '-f',
    'ssegment',
    '-segment_time',
    '3',
    '-segment_start_number',
    '100',
    '-segment_list',
    list,
    'media-%05d.ts',
  ],
]

const at = (word: string) => args().indexOf(word)

/** From segment 107 on. */
const later: ResumeList = [
  { kind: 'value', argument: at('300'), value: '321' },
  { kind: 'drop', argument: at('-fps_mode') },
  { kind: 'value', argument: at('100'), value: '107' },
]

const laterArgs = (list?: string) =>
  args(list)
    .map((word) => (word === '300' ? '321' : word === '100' ? '107' : word))
    .filter((word) => word !== '-fps_mode' && word !== 'cfr')

const out = encodeFrame(frameTypes.stdout, Buffer.from('!'))

describe.each(shimBuilds)('When its head is lost in mid-job, $name', (build) => {
  let place: Installation
  let head: FakeHead | undefined
  beforeEach(async () => {
    place = await install(build)
  })
  afterEach(async () => {
    await head?.close()
    await place.remove()
  })

  /** A head that says this after the hello, and does `then`. */
  const headThat = async (words: readonly Buffer[], then: (socket: Socket) => void) => {
    head = await fakeHead(place.socket, (frame, socket) => {
      if (frame.type !== frameTypes.hello) return
      socket.write(Buffer.concat([acceptWithHands, ...words]))
      setTimeout(() => then(socket), 50)
    })
  }
  const run = () => launch(place, { args: args() })

  test('goes on as the original with the list that was left, though output was relayed', async () => {
    await headThat([out, resumeFrame(later)], (socket) => socket.destroy())
    const { code, stdout, stderr } = await run().ended
    expect([code, stdout.toString(), stderr.toString()]).toEqual([originalCode, '!', ''])
    expect((await place.seen()).argv).toEqual(laterArgs())
    expect((await place.seen()).signals).toContain('SigBlk:\t0000000000000000')
  })

  test('goes on with the last list of several', async () => {
    await headThat([resumeFrame([]), resumeFrame(later)], (socket) => socket.destroy())
    await run().ended
    expect((await place.seen()).argv).toEqual(laterArgs())
  })

  test('begins anew when the list changes nothing', async () => {
    await headThat([resumeFrame([])], (socket) => socket.destroy())
    await run().ended
    expect((await place.seen()).argv).toEqual(args())
  })

  test('seeks by a new option where there was none, before any input', async () => {
    await headThat([resumeFrame([{ kind: 'seek', argument: at('-i'), value: '12.500000' }])], (socket) =>
      socket.destroy(),
    )
    await run().ended
    expect((await place.seen()).argv.slice(at('-i'), at('-i') + 3)).toEqual(['-ss', '12.500000', '-i'])
  })

  test('ends with 0 when everything has been made', async () => {
    await headThat([out, resumeFrame('over')], (socket) => socket.destroy())
    expect(await run().ended).toMatchObject({ code: 0, stderr: Buffer.from('') })
    await expect(place.seen()).rejects.toThrow('ENOENT')
  })

  test('leaves nothing of a file that was being written', async () => {
    const path = join(await realpath(place.folder), '.media-00107.ts.tmp')
    const half = Buffer.concat([...writeRequests(path, Buffer.alloc(10))][0]!)
    const sockets: Socket[] = []
    await headThat([resumeFrame(later), encodeFrame(frameTypes.file, half)], (socket) => sockets.push(socket))
    const { ended } = run()
    await expect.poll(() => sockets.length).toBe(1)
    await expect.poll(() => sockets.length).toBe(1)
    await expect.poll(() => readdir(place.folder)).toContain('.media-00107.ts.tmp')
    sockets[0]!.destroy()
    expect((await ended).code).toBe(originalCode)
    expect(await readdir(place.folder)).not.toContain('.media-00107.ts.tmp')
  })

  test('goes on when the head only breaks the protocol', async () => {
    await headThat([out, resumeFrame(later), Buffer.from([0, 0, 0, 0, 0x99])], () => undefined)
    expect((await run().ended).code).toBe(originalCode)
    expect((await place.seen()).argv).toEqual(laterArgs())
  })

  test('goes on when it is told to be local after output', async () => {
    await headThat([out, resumeFrame(later), localFrame], () => undefined)
    expect((await run().ended).code).toBe(originalCode)
    expect((await place.seen()).argv).toEqual(laterArgs())
  })

  test('waits as long as the last beat said, and closes the connection then', async () => {
    await headThat([resumeFrame(later), beatFrame(600)], () => undefined)
    const { code, elapsedMs } = await run().ended
    expect(code).toBe(originalCode)
    expect(elapsedMs).toBeGreaterThan(600)
    expect(elapsedMs).toBeLessThan(1_600)
    expect((await place.seen()).argv).toEqual(laterArgs())
    expect(head?.ended()).toBe(1)
  })

  test('does not mind a head that beats, nor one whose output nobody reads', async () => {
    await headThat(
      [
        resumeFrame(later),
        beatFrame(500),
        ...Array.from({ length: 8 }, () => encodeFrame(frameTypes.stdout, Buffer.alloc(65_536))),
      ],
      async (socket) => {
        await delay(1_200)
        for (let beats = 0; beats < 5; beats++) {
          socket.write(beatFrame(500))
          await delay(250)
        }
        socket.write(encodeFrame(frameTypes.exit, Buffer.from([0, 9])))
      },
    )
    const { child, ended } = run()
    child.stdout?.pause()
    await delay(1_100)
    child.stdout?.resume()
    expect((await ended).code).toBe(9)
  })

  test('says 69 without a list however silent the head is, and minds no silence that was not told', async () => {
    await headThat([beatFrame(500)], () => undefined)
    expect((await run().ended).code).toBe(69)
    await head?.close()
    await headThat([resumeFrame(later)], (socket) =>
      setTimeout(() => socket.write(encodeFrame(frameTypes.exit, Buffer.from([0, 8]))), 1_500),
    )
    expect((await run().ended).code).toBe(8)
  })

  test('dies of the signal that was forwarded before', async () => {
    await headThat([out, resumeFrame(later)], () => undefined)
    head!.server.on('connection', (socket) => {
      socket.on(
        'data',
        (chunk) => void (chunk.includes(Buffer.from([0, 0, 0, 1, frameTypes.signal])) && socket.destroy()),
      )
    })
    const { child, ended } = run()
    child.stdout?.once('data', () => child.kill('SIGTERM'))
    expect((await ended).signal).toBe('SIGTERM')
  })

  test('leaves no process of its own behind', async () => {
    const files = join(place.folder, 'x')
    await mkdir(files)
    const request = Buffer.concat([...writeRequests(join(place.folder, 'a'), Buffer.from('a'))][0]!)
    await headThat([resumeFrame(later), encodeFrame(frameTypes.file, request)], (socket) => socket.destroy())
    const { child, ended } = run()
    await ended
    const { readdir, readFile } = await import('node:fs/promises')
    const left: string[] = []
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
      if (Number(stat.split(') ')[1]?.split(' ')[2]) === child.pid) left.push(stat)
    }
    expect(left).toEqual([])
  })

  const value = (argument: number, text: string): ResumeList => [{ kind: 'value', argument, value: text }]
  test.each([
    ['a value that is no number', value(at('300'), '3;rm')],
    ['a value with two dots', value(at('300'), '1.2.3')],
    ['an empty value', value(at('300'), '')],
    ['a value longer than any time', value(at('300'), '1'.repeat(21))],
    ['a negative value', value(at('300'), '-1')],
    ['another option’s value', value(at('3'), '4')],
    ['an option', value(at('-segment_start_number'), '4')],
    ['an input', value(at('/films/a b.mkv'), '4')],
    ['an argument that is not there', value(1_000, '4')],
    ['the last argument and one more', value(args().length, '4')],
    ['a seek that is not before an input', [{ kind: 'seek', argument: at('-f'), value: '4' }]],
    ['a seek that is no number', [{ kind: 'seek', argument: at('-i'), value: '-y' }]],
    ['an input left out', [{ kind: 'drop', argument: at('-i') }]],
    ['a name left out', [{ kind: 'drop', argument: at('-segment_list') }]],
    ['an end left out', [{ kind: 'drop', argument: args().length - 1 }]],
    ['changes in another order', [...later].reverse()],
    ['the same twice', [later[0]!, later[0]!]],
  ] as [string, ResumeList][])('takes no list with %s', async (_what, list) => {
    await headThat([out, resumeFrame(list)], (socket) => socket.destroy())
    expect((await run().ended).code).toBe(76)
    await expect(place.seen()).rejects.toThrow('ENOENT')
  })

  test.each([
    ['nothing', []],
    ['a third kind', [4]],
    ['an end and changes', [2, 2, 0, 0, 0, 6, 0]],
    ['half a change', [0, 1, 0, 0]],
    ['a change that is longer than the rest', [0, 1, 0, 0, 0, 3, 9, 49]],
    ['a change of a fourth kind', [0, 4, 0, 0, 0, 3, 1, 49]],
  ])('takes no list that is %s', async (_what, bytes) => {
    await headThat([out, encodeFrame(frameTypes.resume, Buffer.from(bytes))], (socket) => socket.destroy())
    expect((await run().ended).code).toBe(76)
  })

  test.each([0, 499, 60_001])('takes no beat of %d ms', async (silence) => {
    await headThat([out, beatFrame(silence)], (socket) => socket.destroy())
    expect((await run().ended).code).toBe(76)
  })

  test('takes no second request while the first is not answered', async () => {
    const request = encodeFrame(
      frameTypes.file,
      Buffer.concat([...writeRequests(join(place.folder, 'a'), Buffer.from('a'))][0]!),
    )
    await headThat([out, request, request], () => undefined)
    expect((await run().ended).code).toBe(76)
  })
})

describe.each(shimBuilds)('A list that counts with the next announcement of $name', (build) => {
  let place: Installation
  let head: FakeHead
  beforeEach(async () => {
    place = await install(build)
  })
  afterEach(async () => {
    await head.close()
    await place.remove()
  })

  const announce = [
    ...httpRequests({
      ...{
        method: 'POST',
        argument: at('http://127.0.0.1:1/list'),
        suffix: '',
        headers: [['Host', 'x']],
        body: 'a row\n',
      },
      ...{ keepsConnection: false, timeoutMilliseconds: 3_000 },
    }),
  ][0]!

  /** The head goes while the server has not answered yet. */
  const lostWhileAnnouncing = async (list: string) => {
    head = await fakeHead(place.socket, (frame, socket) => {
      if (frame.type !== frameTypes.hello) return
      socket.write(Buffer.concat([acceptWithHands, resumeFrame([]), resumeFrame(later, true)]))
      socket.write(encodeFrame(frameTypes.http, announce))
      setTimeout(() => socket.destroy(), 100)
    })
    expect((await launch(place, { args: args(list) }).ended).code).toBe(originalCode)
    return (await place.seen()).argv
  }

  test('counts when the server has heard of it, though the head is gone before the answer', async () => {
    const heard: string[] = []
    const server = createServer((incoming, outgoing) => {
      incoming.setEncoding('utf8').on('data', (text) => heard.push(text))
      setTimeout(() => outgoing.end(), 500)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const list = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`
    expect(await lostWhileAnnouncing(list)).toEqual(laterArgs(list))
    expect(heard).toEqual(['a row\n'])
    server.close()
  })

  test('is forgotten when the server could not be told', async () => {
    const closed = createServer()
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done))
    const list = `http://127.0.0.1:${(closed.address() as AddressInfo).port}/list`
    await new Promise((done) => closed.close(done))
    expect(await lostWhileAnnouncing(list)).toEqual(args(list))
  })
})
