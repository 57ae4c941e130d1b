import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDoor } from '../../src/head/door/door.ts'
import type { DoorJob } from '../../src/head/door/door-job.ts'
import { encodeFrame, FrameReader, type FrameType, frameTypes, fromHead } from '../../src/head/door/frame.ts'
import { helloFields } from '../../src/head/door/hello.ts'
import { mutateBytes } from './mutate.ts'
import type { Random } from './random.ts'
import type { FuzzTarget } from './target.ts'

/** Everything that a head asks a shim for; what the shim answers is nonsense. */
async function askAll(job: DoorJob): Promise<void> {
  if (!job.accept()) return
  job.onSignal(() => undefined)
  job.onStdin(() => undefined)
  const file = { argument: 0, path: null } as const
  const { hands } = job
  const asked = [
    hands.files.write('/tmp/a', Buffer.alloc(100_000)),
    hands.files.list('/tmp'),
    hands.files.look('/tmp/a'),
    hands.files.rename('/tmp/a', '/tmp/b'),
    hands.reads.read(file as never, 0, 100_000),
    hands.reads.look(file as never),
    hands.http.exchange({
      ...{ method: 'PUT', argument: 1, suffix: '/progress', headers: [], body: 'x'.repeat(70_000) },
      ...{ timeoutMilliseconds: 1_000, keepsConnection: true },
    }),
    job.stdout(Buffer.alloc(10)),
  ]
  await Promise.allSettled(asked)
  job.exit(0)
}

/** A real door, and shims at its socket that say what no shim would. */
export const framesTarget: FuzzTarget = {
  name: 'frames',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'paceline-fuzz-'))
    const path = join(folder, 'door')
    let busy = 0
    const door = await openDoor({
      path,
      onJob: async (job) => {
        busy += 1
        await askAll(job).finally(() => {
          busy -= 1
        })
      },
      logger: { debug() {}, warn() {}, error() {} },
    })
    return {
      // Several at a time: most of a visit is waiting.
      step: async (random, keep) => {
        const said: string[] = Array.from({ length: visitsAtOnce }, () => '')
        const visits = said.map((_, index) =>
          visit(path, random, (bytes) => {
            said[index] = bytes.toString('base64')
          }),
        )
        keep(said)
        await Promise.all(visits)
      },
      async rest() {
        // What is asked of a shim that has gone fails in the turn in which that is noticed.
        for (let wait = 0; busy > 0 && wait < 50; wait++) await sleep(20)
        if (busy > 0) throw new Error(`${busy} jobs wait for shims that have gone`)
      },
      async close() {
        await door.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

const visitsAtOnce = 10

const answers: Readonly<Record<number, FrameType>> = {
  [frameTypes.file]: frameTypes.fileAnswer,
  [frameTypes.http]: frameTypes.httpAnswer,
  [frameTypes.read]: frameTypes.readAnswer,
}

/** One connection: a hello, changed or not, then words in turn and out of turn. Resolves when the door has closed it. */
function visit(path: string, random: Random, keep: (said: Buffer) => void): Promise<void> {
  const said: Buffer[] = []
  const socket = connect(path)
  const reader = new FrameReader(fromHead)
  const say = (bytes: Buffer): void => {
    said.push(bytes)
    keep(Buffer.concat(said))
    if (!socket.writable) return
    const at = random.below(bytes.length + 1)
    socket.write(bytes.subarray(0, at))
    socket.write(bytes.subarray(at))
  }
  let patience = 3 + random.small(60)
  socket.on('data', (chunk) => {
    for (const { type } of reader.read(chunk)) {
      const answer = answers[type]
      if (--patience < 0) return void (random.oneIn(2) ? socket.destroy() : socket.end())
      if (answer !== undefined) say(encodeFrame(answer, answerTo(random)))
      if (random.oneIn(20)) say(strange(random))
    }
  })
  socket.on('error', () => undefined)
  return new Promise((resolve) => {
    // A door that waits for more is left to itself: it has a budget of its own, which would take too long here.
    const timer = setTimeout(() => socket.destroy(), 80)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    const hello = encodeFrame(frameTypes.hello, helloOf(random))
    say(random.oneIn(8) ? mutateBytes(random, hello) : hello)
    if (random.oneIn(4)) say(strange(random))
    if (random.oneIn(10)) socket.end()
  })
}

/** What an answer might hold: an error number or none, and bytes of some kind behind it. */
function answerTo(random: Random): Buffer {
  if (random.oneIn(3)) return random.bytes(random.small(60))
  const good = Buffer.concat([
    Buffer.alloc(4),
    random.oneIn(2) ? Buffer.alloc(random.small(65_000)) : random.bytes(40),
  ])
  return random.oneIn(2) ? good : mutateBytes(random, good)
}

function strange(random: Random): Buffer {
  const type = random.below(256) as FrameType
  const frame = encodeFrame(
    random.oneIn(3) ? type : random.of(Object.values(frameTypes)),
    random.bytes(random.small(200)),
  )
  return random.oneIn(2) ? frame : mutateBytes(random, frame)
}

function helloOf(random: Random): Buffer {
  const field = (tag: number, value: Buffer | string): Buffer => {
    const bytes = Buffer.from(value as string)
    const head = Buffer.alloc(5)
    head[0] = tag
    head.writeUInt32BE(bytes.length, 1)
    return Buffer.concat([head, bytes])
  }
  const many = random.oneIn(200) ? 200_000 : random.small(30)
  const hello = Buffer.concat([
    Buffer.of(0, 1),
    ...['files', 'http', 'read', 'resume'].map((name) => field(helloFields.feature, name)),
    field(helloFields.pid, Buffer.of(0, 0, 1, 0)),
    field(helloFields.streams, Buffer.of(1, 1, 1)),
    field(helloFields.directory, '/tmp'),
    field(helloFields.program, 'Plex Transcoder'),
    ...Array.from({ length: many }, () =>
      field(helloFields.argument, random.oneIn(9) ? random.bytes(9) : '-i'),
    ),
    field(helloFields.environment, random.oneIn(4) ? '__proto__=1' : 'A=b'),
    field(helloFields.input, Buffer.alloc(40)),
    field(helloFields.folder, Buffer.alloc(17, 1)),
  ])
  return random.oneIn(2) ? hello : mutateBytes(random, hello)
}
