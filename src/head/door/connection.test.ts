import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endOf } from '../../../test/shim/at-the-door.ts'
import { type FakeShim, fakeShim } from '../../../test/shim/fake-shim.ts'
import { field, helloFrame } from '../../../test/shim/shim-words.ts'
import { type Door, openDoor } from './door.ts'
import { answerBudgetMs, type DoorJob } from './door-job.ts'
import { encodeFrame, frameTypes } from './frame.ts'
import { helloFields } from './hello.ts'

interface Complaint {
  readonly level: string
  readonly message: string
  readonly fields: Record<string, unknown>
}

let folder: string
let door: Door
let jobs: DoorJob[]
let complaints: Complaint[]
let leftAlone: (readonly [film: string | undefined, reason: string])[]
let onJob: (job: DoorJob) => void | Promise<void>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-door-'))
  jobs = []
  complaints = []
  leftAlone = []
  onJob = () => undefined
  const note = (level: string) => (fields: object, message: string) =>
    void complaints.push({ level, message, fields: { ...fields } })
  door = await openDoor({
    path: join(folder, 'head.sock'),
    onJob: (job) => {
      jobs.push(job)
      return onJob(job)
    },
    onLocal: (args, reason) => leftAlone.push([args.at(-1), reason]),
    logger: { debug: () => undefined, warn: note('warn'), error: note('error') },
  })
})
afterEach(async () => {
  await door.close()
  await rm(folder, { recursive: true })
})

/** A shim that has said hello and whose job is at hand. */
async function knock(
  words: Parameters<typeof helloFrame>[0] = {},
): Promise<{ shim: FakeShim; job: DoorJob }> {
  const shim = await fakeShim(door.path, helloFrame(words))
  const before = jobs.length
  await expect.poll(() => jobs.length).toBeGreaterThan(before)
  return { shim, job: jobs[before]! }
}

const textOf = async (shim: FakeShim) => {
  const frame = await shim.next()
  return [frame?.type, frame?.payload.toString()]
}

describe('A job at the door', () => {
  test('It brings what the shim said', async () => {
    const { job } = await knock({
      args: ['-i', 'Am\udce9lie', ''],
      cwd: '/somewhere',
      env: { TZ: 'UTC' },
      pid: 12,
    })
    expect(job).toMatchObject({
      args: ['-i', 'Am\udce9lie', ''],
      cwd: '/somewhere',
      env: { TZ: 'UTC' },
      pid: 12,
    })
    expect(job.hasAnswered).toBe(false)
  })

  test('It is accepted once, with the version that is spoken', async () => {
    const { shim, job } = await knock({ version: 9 })
    expect([job.accept(), job.accept(), job.hasAnswered]).toEqual([true, false, true])
    const frame = await shim.next()
    expect([frame?.type, [...frame!.payload]]).toEqual([frameTypes.accept, [0, 1]])
  })

  test('Output and exit go out in the order of the calls', async () => {
    const { shim, job } = await knock()
    job.accept()
    void job.stdout(Buffer.from('one'))
    void job.stderr(Buffer.from('two'))
    void job.stdout(Buffer.from('three'))
    expect(job.exit(5)).toBe(true)
    await shim.next()
    expect(await textOf(shim)).toEqual([frameTypes.stdout, 'one'])
    expect(await textOf(shim)).toEqual([frameTypes.stderr, 'two'])
    expect(await textOf(shim)).toEqual([frameTypes.stdout, 'three'])
    expect(await shim.next()).toEqual({ type: frameTypes.exit, payload: Buffer.from([0, 5]) })
    expect(await endOf(job)).toEqual({ how: 'exited' })
  })

  test('Long output goes out in frames of 64 KiB, and what the caller does to it later does not matter', async () => {
    const { shim, job } = await knock()
    job.accept()
    const chunk = Buffer.alloc(150_000, 'a')
    const written = job.stdout(chunk)
    chunk.fill('b')
    expect(await written).toBe(true)
    await shim.next()
    const lengths = [await shim.next(), await shim.next(), await shim.next()].map(
      (frame) => frame!.payload.length,
    )
    expect(lengths).toEqual([65_536, 65_536, 18_928])
    expect(shim.frames.slice(1).every(({ payload }) => payload.every((byte) => byte === 0x61))).toBe(true)
  })

  test('After the exit nothing more is taken', async () => {
    const { job } = await knock()
    job.accept()
    job.exitBySignal(15)
    expect([job.exit(0), job.local('no'), await job.stdout(Buffer.from('x'))]).toEqual([false, false, false])
    expect(leftAlone).toEqual([])
  })

  test('To write before accepting is a mistake of the caller', async () => {
    const { job } = await knock()
    await expect(job.stdout(Buffer.from('x'))).rejects.toThrow('accepted first')
    expect(() => job.exit(0)).toThrow('accepted first')
  })

  test.each([-1, 256, 1.5, Number.NaN])('%s is no exit code', async (code) => {
    const { job } = await knock()
    job.accept()
    expect(() => job.exit(code)).toThrow(RangeError)
  })

  test.each([0, 65, 2.5])('%s is no signal', async (signal) => {
    const { job } = await knock()
    job.accept()
    expect(() => job.exitBySignal(signal)).toThrow(RangeError)
  })

  test('Local carries its reason, and ends as such', async () => {
    const { shim, job } = await knock()
    expect([job.local('no node is awake'), job.local('again'), job.accept()]).toEqual([true, false, false])
    expect(await textOf(shim)).toEqual([frameTypes.local, 'no node is awake'])
    expect(leftAlone).toEqual([[job.args.at(-1), 'no node is awake']])
    expect([job.released.aborted, job.closed.aborted]).toEqual([true, false])
    // The original has ended.
    shim.socket.destroy()
    expect(await endOf(job)).toEqual({ how: 'local' })
  })

  test('Accept names what the head uses, of what the shim can do', async () => {
    const { shim, job } = await knock({ features: ['stdio', 'read', 'flying', 'resume'] })
    job.accept()
    const named = ['read', 'resume'].map((name) => field(helloFields.feature, Buffer.from(name)))
    expect((await shim.next())?.payload).toEqual(Buffer.concat([Buffer.of(0, 1), ...named]))
  })

  test('Once a resume list was left, local may come at any time', async () => {
    const { shim, job } = await knock()
    job.accept()
    await job.stdout(Buffer.from('x'))
    expect(job.local('too soon')).toBe(false)
    expect(job.hands.leaveResume([], 'now')).toBe(true)
    expect(job.local('the last node has gone')).toBe(true)
    const types = [await shim.next(), await shim.next(), await shim.next(), await shim.next()].map(
      (frame) => frame?.type,
    )
    expect(types).toEqual([frameTypes.accept, frameTypes.stdout, frameTypes.resume, frameTypes.local])
    expect(job.hands.leaveResume([], 'now')).toBe(false)
    shim.socket.destroy()
  })

  test('A door that closes hands back what can be resumed', async () => {
    const { shim, job } = await knock()
    job.accept()
    await job.stdout(Buffer.from('x'))
    job.hands.leaveResume('over', 'now')
    await door.close()
    await shim.closed
    expect(shim.frames.at(-1)?.type).toBe(frameTypes.local)
  })

  test('Hands end with the job, whatever waits for them', async () => {
    const { shim, job } = await knock()
    job.accept()
    const waiting = [
      job.hands.files.remove('/a'),
      job.hands.reads.look({ argument: 1 }),
      job.hands.files.remove('/b'),
    ]
    const codes = Promise.all(waiting.map((one) => one.catch((error) => error.code)))
    await shim.next()
    shim.socket.destroy()
    expect(await codes).toEqual(['E_HANDS_GONE', 'E_HANDS_GONE', 'E_HANDS_GONE'])
    await expect(job.hands.files.remove('/c')).rejects.toMatchObject({ code: 'E_HANDS_GONE' })
    expect(job.hands.beat(1_000)).toBe(false)
  })

  test('One request of a kind is on its way at a time', async () => {
    const { shim, job } = await knock()
    job.accept()
    await shim.next()
    const removed = [job.hands.files.remove('/a'), job.hands.files.remove('/b')]
    expect((await shim.next())?.payload.toString()).toContain('/a')
    await delay(20)
    expect(shim.frames).toHaveLength(2)
    shim.socket.write(encodeFrame(frameTypes.fileAnswer, Buffer.alloc(4)))
    expect((await shim.next())?.payload.toString()).toContain('/b')
    shim.socket.write(encodeFrame(frameTypes.fileAnswer, Buffer.from([0, 0, 0, 28])))
    await removed[0]
    await expect(removed[1]).rejects.toMatchObject({ code: 'ENOSPC' })
  })

  test('An answer that nobody asked for, or half of one, breaks the protocol', async () => {
    const idle = await knock()
    idle.job.accept()
    idle.shim.socket.write(encodeFrame(frameTypes.httpAnswer, Buffer.of(0, 0, 200)))
    expect(await endOf(idle.job)).toMatchObject({ how: 'protocol' })
    const { shim, job } = await knock()
    job.accept()
    const look = job.hands.reads.look({ argument: 1 })
    shim.socket.write(encodeFrame(frameTypes.readAnswer, Buffer.of(0)))
    await expect(look).rejects.toMatchObject({ code: 'E_DOOR_PROTOCOL' })
    expect(complaints).toHaveLength(1)
    shim.socket.destroy()
  })

  test('Local may follow an accept until something was relayed', async () => {
    const quiet = await knock()
    quiet.job.accept()
    expect(quiet.job.local('thought better of it')).toBe(true)
    const loud = await knock()
    loud.job.accept()
    await loud.job.stderr(Buffer.from('x'))
    expect(loud.job.local('too late')).toBe(false)
    const reading = await knock()
    reading.job.accept()
    reading.job.onStdin(() => undefined)
    expect(reading.job.local('too late')).toBe(false)
  })

  test('Each frame of input is asked for, after the one before was dealt with', async () => {
    const { shim, job } = await knock()
    const heard: (string | undefined)[] = []
    let proceed = () => {}
    job.onStdin((chunk) => {
      heard.push(chunk?.toString())
      return new Promise((resolve) => {
        proceed = resolve
      })
    })
    job.accept()
    await shim.next()
    expect((await shim.next())?.type).toBe(frameTypes.stdinNext)
    shim.socket.write(encodeFrame(frameTypes.stdin, Buffer.from('first')))
    await expect.poll(() => heard).toEqual(['first'])
    await delay(30)
    expect(shim.frames.length).toBe(2)
    proceed()
    expect((await shim.next())?.type).toBe(frameTypes.stdinNext)
    shim.socket.write(encodeFrame(frameTypes.stdinEnd))
    await expect.poll(() => heard).toEqual(['first', undefined])
    proceed()
    await delay(30)
    expect(shim.frames.length).toBe(3)
  })

  test('Signals wait for whoever wants them', async () => {
    const { shim, job } = await knock()
    job.accept()
    for (const signal of [15, 1, 15]) shim.socket.write(encodeFrame(frameTypes.signal, Buffer.of(signal)))
    await delay(50)
    const heard: string[] = []
    job.onSignal((signal) => heard.push(signal))
    shim.socket.write(encodeFrame(frameTypes.signal, Buffer.of(2)))
    await expect.poll(() => heard).toEqual(['SIGTERM', 'SIGHUP', 'SIGINT'])
  })

  test('A shim that goes is noticed, and every call after that is harmless', async () => {
    const { shim, job } = await knock()
    job.accept()
    shim.socket.destroy()
    expect(await endOf(job)).toEqual({ how: 'gone' })
    expect([job.exit(0), job.local('x'), job.accept(), await job.stdout(Buffer.from('x'))]).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(complaints).toEqual([])
  })

  test('A shim that goes while much is being written ends the writing', async () => {
    const { shim, job } = await knock()
    job.accept()
    shim.socket.pause()
    const writes = Promise.all(Array.from({ length: 100 }, () => job.stdout(Buffer.alloc(65_536))))
    await delay(30)
    shim.socket.destroy()
    expect((await writes).at(-1)).toBe(false)
    expect(await endOf(job)).toEqual({ how: 'gone' })
  })

  test('A shim that stops talking is taken as gone though it still holds the connection', async () => {
    const { shim, job } = await knock()
    job.accept()
    shim.socket.pause()
    for (let count = 0; count < 20; count++) void job.stdout(Buffer.alloc(65_536))
    await delay(30)
    shim.socket.end()
    expect(await endOf(job)).toEqual({ how: 'gone' })
  })

  test('Once accepted it may take its time', async () => {
    const { shim, job } = await knock()
    job.accept()
    await delay(answerBudgetMs + 200)
    expect(shim.frames.map(({ type }) => type)).toEqual([frameTypes.accept])
    expect(job.exit(0)).toBe(true)
  })
})

describe('A job that its head does not take care of', () => {
  test('It goes to the original in time when nobody answers', async () => {
    const { shim, job } = await knock()
    const asked = performance.now()
    expect((await shim.next())?.type).toBe(frameTypes.local)
    expect(performance.now() - asked).toBeGreaterThan(answerBudgetMs - 200)
    expect(performance.now() - asked).toBeLessThan(1_450)
    expect([job.hasAnswered, job.accept(), await job.stdout(Buffer.from('x'))]).toEqual([true, false, false])
    expect(complaints).toMatchObject([
      { level: 'warn', message: expect.stringContaining('not answered in time') },
    ])
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('a bug')
      },
    ],
    ['rejects', () => Promise.reject(new Error('a bug'))],
  ])('It goes to the original when taking it %s', async (_how, failing) => {
    onJob = failing
    const { shim } = await knock()
    expect(await textOf(shim)).toEqual([frameTypes.local, 'the head failed to decide'])
    expect(complaints).toMatchObject([{ level: 'error', fields: { error: new Error('a bug') } }])
  })

  test('Handlers that throw are told to the log and do not end the head', async () => {
    const { shim, job } = await knock()
    job.accept()
    job.onStdin(() => {
      throw new Error('bad input')
    })
    job.onSignal(() => {
      throw new Error('bad signal')
    })
    shim.socket.write(encodeFrame(frameTypes.stdin, Buffer.from('x')))
    shim.socket.write(encodeFrame(frameTypes.signal, Buffer.of(15)))
    await expect
      .poll(() => complaints.map(({ fields }) => String(fields.error)).sort())
      .toEqual(['Error: bad input', 'Error: bad signal'])
    expect(job.exit(0)).toBe(true)
  })

  test('It goes to the original when its shim is older than the protocol', async () => {
    const shim = await fakeShim(door.path, helloFrame({ version: 0 }))
    expect((await shim.next())?.type).toBe(frameTypes.local)
    expect(jobs).toEqual([])
  })
})

describe('A connection that breaks the protocol', () => {
  const stdin = encodeFrame(frameTypes.stdin, Buffer.from('x'))
  test.each([
    ['a web page', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
    ['input before the hello', [stdin]],
    ['a second hello', [helloFrame(), helloFrame()]],
    ['input that nobody asked for', [helloFrame(), stdin]],
    ['an end of input that nobody asked for', [helloFrame(), encodeFrame(frameTypes.stdinEnd)]],
    ['a signal that is not forwarded', [helloFrame(), encodeFrame(frameTypes.signal, Buffer.of(9))]],
    ['a signal of two bytes', [helloFrame(), encodeFrame(frameTypes.signal, Buffer.of(15, 15))]],
    ['a hello of nothing', [encodeFrame(frameTypes.hello)]],
    ['a hello over four mebibytes', [Buffer.from([0, 0x40, 0, 1, 1])]],
    ['a frame of the head', [helloFrame(), encodeFrame(frameTypes.accept, Buffer.of(0, 1))]],
  ])('It is closed after %s, logged once, and the others go on', async (_what, words) => {
    const { shim: other, job: otherJob } = await knock()
    otherJob.accept()
    const shim = await fakeShim(door.path, ...words)
    await shim.closed
    expect(complaints).toMatchObject([{ level: 'warn', fields: { code: 'E_DOOR_PROTOCOL' } }])
    expect(await otherJob.stdout(Buffer.from('still here'))).toBe(true)
    await other.next()
    expect(await textOf(other)).toEqual([frameTypes.stdout, 'still here'])
  })

  test('Its job hears that the protocol was broken', async () => {
    const { shim, job } = await knock()
    job.accept()
    shim.socket.write(stdin)
    expect(await endOf(job)).toMatchObject({ how: 'protocol', error: { code: 'E_DOOR_PROTOCOL' } })
  })

  test('Without a hello it is closed after a while', async () => {
    const shim = await fakeShim(door.path, helloFrame().subarray(0, 10))
    await shim.closed
    expect(complaints).toMatchObject([{ fields: { what: expect.stringContaining('no hello') } }])
  })

  test('That ends in the middle of its hello is told of', async () => {
    const shim = await fakeShim(door.path)
    shim.socket.end(helloFrame().subarray(0, 10))
    await shim.closed
    expect(complaints).toMatchObject([{ fields: { code: 'E_DOOR_PROTOCOL', what: 'half a hello' } }])
  })

  test('In the same way again and again is told of once, and in another way once more', async () => {
    for (let n = 0; n < 20; n++) {
      await (await fakeShim(door.path, Buffer.from('GET / HTTP/1.1\r\n\r\n'))).closed
      await (await fakeShim(door.path, Buffer.from([0, 0x40, 1, n, 1]))).closed
    }
    expect(complaints.map(({ fields }) => fields.what)).toEqual([
      'a frame of type 47',
      'a frame of type 1 with 4194560 bytes, over 4194304',
    ])
  })

  test('That only connects and goes is nothing to speak of', async () => {
    const shim = await fakeShim(door.path)
    shim.socket.destroy()
    await delay(50)
    expect(complaints).toEqual([])
  })
})
