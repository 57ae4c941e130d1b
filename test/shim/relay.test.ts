import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DoorJob } from '../../src/head/door/door-job.ts'
import { type AtTheDoor, atTheDoor } from './at-the-door.ts'
import { askingArgs, launch, launchBytes } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

const tenMegabytes = 10_000_000

/** Bytes in which every position is told from its neighbours, so that a loss, a doubling or a swap shows. */
function pattern(seed: number): Buffer {
  const bytes = Buffer.alloc(tenMegabytes)
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE((at * 2654435761 + seed) >>> 0, at)
  return bytes
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Writes to both streams in pieces of odd sizes, waiting for each as a careful head does. */
async function writeBoth(job: DoorJob, stdout: Buffer, stderr: Buffer): Promise<void> {
  job.accept()
  for (let at = 0; at < tenMegabytes; at += 99_991) {
    await job.stdout(stdout.subarray(at, at + 99_991))
    await job.stderr(stderr.subarray(at, at + 99_991))
  }
  job.exit(3)
}

/** Takes all of the input, slowly now and then. */
function readAll(job: DoorJob): Promise<Buffer> {
  const chunks: Buffer[] = []
  job.accept()
  return new Promise((resolve) =>
    job.onStdin(async (chunk) => {
      if (chunk === undefined) {
        resolve(Buffer.concat(chunks))
        return
      }
      if (chunks.push(chunk) % 50 === 0) await delay(2)
    }),
  )
}

describe.each(shimBuilds)('The streams of a job through $name', (build) => {
  let place: AtTheDoor
  afterEach(() => place.close())

  test('Ten megabytes on each of stdout and stderr come out exact for a slow reader', async () => {
    const [out, err] = [pattern(1), pattern(2)]
    place = await atTheDoor(build, (job) => writeBoth(job, out, err))
    const { child, ended } = launch(place)
    const slow = setInterval(() => {
      child.stdout?.pause()
      setTimeout(() => child.stdout?.resume(), 8)
    }, 10)
    const result = await ended
    clearInterval(slow)
    expect(result.code).toBe(3)
    expect([digest(result.stdout), digest(result.stderr)]).toEqual([digest(out), digest(err)])
  })

  test('The same holds where stdout is a pipe and stderr a file', async () => {
    const [out, err] = [pattern(3), pattern(4)]
    place = await atTheDoor(build, (job) => writeBoth(job, out, err))
    const wrap = (command: Buffer) =>
      Buffer.concat([Buffer.from('{ '), command, Buffer.from('2>errors | cat; }; cat errors >&2')])
    const { ended } = await launchBytes(place, [...askingArgs], [], wrap)
    const result = await ended
    expect([digest(result.stdout), digest(result.stderr)]).toEqual([digest(out), digest(err)])
  })

  test('The head is held back by a reader that does not read', async () => {
    let written = 0
    place = await atTheDoor(build, async (job) => {
      job.accept()
      while (await job.stdout(Buffer.alloc(65_536))) written += 65_536
    })
    const { child } = launch(place)
    child.stdout?.pause()
    await expect.poll(() => written).toBeGreaterThan(0)
    await delay(300)
    const afterAWhile = written
    await delay(200)
    expect(written).toBe(afterAWhile)
    expect(written).toBeLessThan(4_000_000)
    child.kill('SIGKILL')
  })

  test('A reader that has gone costs only its own stream', async () => {
    place = await atTheDoor(build, async (job) => {
      job.accept()
      await delay(100)
      for (let count = 0; count < 50; count++) await job.stdout(Buffer.alloc(65_536))
      await job.stderr(Buffer.from('still here'))
      job.exit(9)
    })
    const wrap = (command: Buffer) =>
      Buffer.concat([Buffer.from('{ '), command, Buffer.from('; echo " $?" >&2; } | true')])
    const { ended } = await launchBytes(place, [...askingArgs], [], wrap)
    expect((await ended).stderr.toString()).toBe('still here 9\n')
  })

  test.each(['socket', 'pipe'] as const)(
    'A %s whose reader does not read keeps no signal from the head',
    async (kind) => {
      const heard: string[] = []
      place = await atTheDoor(build, (job) => {
        job.accept()
        job.onSignal((signal) => heard.push(signal))
        // A few bytes first, so that the next frame finds a pipe with room for a part of it.
        void job.stdout(Buffer.from('a few'))
        void job.stdout(Buffer.alloc(1_000_000))
      })
      // Waits until it is told, or 6 s.
      const reader = '| for i in $(seq 60); do [ -e heard ] && break; sleep 0.1; done'
      const wrap = (command: Buffer) => Buffer.concat([command, Buffer.from(reader)])
      const { child, ended } =
        kind === 'socket' ? launch(place) : await launchBytes(place, [...askingArgs], [], wrap)
      child.stdout?.pause()
      await expect.poll(() => place.jobs.length).toBe(1)
      await delay(200)
      process.kill(place.jobs[0]!.pid, 'SIGHUP')
      await expect.poll(() => heard, { timeout: 1_500 }).toContain('SIGHUP')
      process.kill(place.jobs[0]!.pid, 'SIGKILL')
      await writeFile(join(place.folder, 'heard'), '')
      child.stdout?.resume()
      await ended
    },
  )

  test('A terminal is not read: its input is at its end', async () => {
    const heard: (Buffer | undefined)[] = []
    place = await atTheDoor(build, async (job) => {
      job.accept()
      await delay(100)
      job.onStdin((chunk) => {
        heard.push(chunk)
        job.exit(6)
      })
    })
    // script(1) gives its command a terminal, into which it types its own input.
    const wrap = (command: Buffer) => {
      const quoted = command.toString('latin1').replaceAll("'", "'\\''")
      return Buffer.from(`(echo typed; sleep 1) | script -qec '${quoted}' /dev/null`, 'latin1')
    }
    expect((await (await launchBytes(place, [...askingArgs], [], wrap)).ended).code).toBe(6)
    expect(heard).toEqual([undefined])
  })

  test('Output for streams that are closed is dropped', async () => {
    place = await atTheDoor(build, async (job) => {
      job.accept()
      await job.stdout(Buffer.from('nobody'))
      await job.stderr(Buffer.from('hears this'))
      job.exit(4)
    })
    const wrap = (command: Buffer) => Buffer.concat([command, Buffer.from('>&- 2>&-; exit $?')])
    const { ended } = await launchBytes(place, [...askingArgs], [], wrap)
    expect(await ended).toMatchObject({ code: 4 })
  })

  test.each(['socket', 'pipe', 'file'] as const)(
    'Ten megabytes of input come exact through a %s',
    async (kind) => {
      const input = pattern(5)
      let received: Promise<Buffer> | undefined
      place = await atTheDoor(build, async (job) => {
        received = readAll(job)
        await received
        job.exit(0)
      })
      await writeFile(join(place.folder, 'input'), input)
      const wrap = (command: Buffer) =>
        kind === 'file'
          ? Buffer.concat([command, Buffer.from('<input')])
          : Buffer.concat([Buffer.from('cat input | '), command])
      const { ended } =
        kind === 'socket'
          ? launch(place, { stdin: input })
          : await launchBytes(place, [...askingArgs], [], wrap)
      expect((await ended).code).toBe(0)
      expect(place.jobs[0]!.streams.stdin).toBe(kind)
      expect(digest(await received!)).toBe(digest(input))
    },
  )

  test('Keys of a player come while the job runs, and input that is closed is at its end', async () => {
    const heard: string[] = []
    place = await atTheDoor(build, (job) => {
      job.accept()
      job.onStdin((chunk) => {
        heard.push(chunk?.toString() ?? 'end')
        if (chunk?.toString() === 'q\n') job.exit(0)
        if (chunk === undefined) job.exit(1)
      })
    })
    const wrap = (command: Buffer) =>
      Buffer.concat([Buffer.from('(printf p; sleep 0.2; echo q; sleep 1) | '), command])
    expect((await (await launchBytes(place, [...askingArgs], [], wrap)).ended).code).toBe(0)
    expect((await launch(place, { stdio: ['ignore', 'pipe', 'pipe'] }).ended).code).toBe(1)
    expect(heard).toEqual(['p', 'q\n', 'end'])
  })

  test('Input and output flow at the same time, so that neither waits for the other', async () => {
    const input = pattern(6)
    place = await atTheDoor(build, (job) => {
      job.accept()
      job.onStdin(async (chunk) => {
        if (chunk) await job.stdout(chunk)
        else job.exit(0)
      })
    })
    const result = await launch(place, { stdin: input }).ended
    expect(digest(result.stdout)).toBe(digest(input))
  })
})
