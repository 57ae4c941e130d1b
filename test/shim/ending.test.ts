import { readFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DoorJob, ForwardedSignal } from '../../src/head/door/door-job.ts'
import { frameTypes } from '../../src/head/door/frame.ts'
import { type AtTheDoor, atTheDoor, endOf } from './at-the-door.ts'
import { type FakeHead, fakeHead } from './fake-head.ts'
import { type Installation, install } from './install.ts'
import { askingArgs, launch, launchBytes } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'
import { acceptFrame } from './words-of-a-head.ts'

beforeAll(buildShims)

/** Hundredths of a second that a process has spent on a core so far (proc(5), utime and stime). */
async function cpuTicks(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')[1]!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}

describe.each(shimBuilds)('How a job through $name ends', (build) => {
  let place: AtTheDoor
  afterEach(() => place.close())

  const open = async (onJob: (job: DoorJob) => void | Promise<void>) => {
    place = await atTheDoor(build, onJob)
  }

  test('Every exit code of the head is the shim’s', async () => {
    // Starting a sanitized program takes long; one in nine has both ends and all bits.
    const codes = Array.from({ length: 256 }, (_, code) => code).filter(
      (code) => !build.isSanitized || code % 51 === 0,
    )
    const seen: (number | null)[] = []
    await open((job) => {
      job.accept()
      job.exit(codes[place.jobs.length - 1]!)
    })
    for (const _ of codes) seen.push((await launch(place).ended).code)
    expect(seen).toEqual(codes)
    expect(await endOf(place.jobs[0]!)).toEqual({ how: 'exited' })
  })

  test.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGABRT', 'SIGKILL', 'SIGSEGV', 'SIGPIPE', 'SIGTERM'] as const)(
    'A job that died of %s ends the shim by it',
    async (name) => {
      await open(async (job) => {
        job.accept()
        await job.stderr(Buffer.from('last words'))
        job.exitBySignal(constants.signals[name])
      })
      const { code, signal, stderr } = await launch(place).ended
      expect({ code, signal, stderr: stderr.toString() }).toEqual({
        code: null,
        signal: name,
        stderr: 'last words',
      })
    },
  )

  test('All that was written before the exit comes out first', async () => {
    const lines = Array.from({ length: 2000 }, (_, line) => `line ${line}\n`)
    await open((job) => {
      job.accept()
      for (const line of lines) void job.stdout(Buffer.from(line))
      job.exit(0)
    })
    expect((await launch(place).ended).stdout.toString()).toBe(lines.join(''))
  })

  test('The head knows at once when the shim is killed', async () => {
    let accepted = () => {}
    const isAccepted = new Promise<void>((resolve) => {
      accepted = resolve
    })
    await open((job) => {
      job.accept()
      accepted()
    })
    const { child, ended } = launch(place)
    await isAccepted
    await delay(20)
    const killed = performance.now()
    child.kill('SIGKILL')
    expect(await endOf(place.jobs[0]!)).toEqual({ how: 'gone' })
    expect(performance.now() - killed).toBeLessThan(500)
    expect(place.jobs[0]!.exit(0)).toBe(false)
    expect(await place.jobs[0]!.stdout(Buffer.from('x'))).toBe(false)
    expect((await ended).signal).toBe('SIGKILL')
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s goes to the head, which decides', async (name) => {
    await open((job) => {
      job.accept()
      job.onSignal((signal) => {
        void job.stderr(Buffer.from(signal))
        job.exit(255)
      })
      void job.stdout(Buffer.from('ready'))
    })
    const { child, ended } = launch(place)
    child.stdout?.once('data', () => child.kill(name))
    const { code, signal, stderr } = await ended
    expect({ code, signal, stderr: stderr.toString() }).toEqual({ code: 255, signal: null, stderr: name })
  })

  test('A head that is silent for two seconds after SIGTERM does not keep the shim alive', async () => {
    await open((job) => {
      job.accept()
      void job.stdout(Buffer.from('ready'))
    })
    const { child, ended } = launch(place)
    await new Promise((ready) => child.stdout?.once('data', ready))
    const signalled = performance.now()
    child.kill('SIGTERM')
    expect((await ended).signal).toBe('SIGTERM')
    expect(performance.now() - signalled).toBeGreaterThan(1_900)
    expect(performance.now() - signalled).toBeLessThan(3_000)
  })

  test('A head that goes on talking after SIGTERM keeps the job', async () => {
    await open((job) => {
      job.accept()
      void job.stdout(Buffer.from('ready'))
      job.onSignal(async () => {
        for (let second = 0; second < 3; second++) {
          await delay(1_000)
          await job.stderr(Buffer.from('.'))
        }
        job.exit(7)
      })
    })
    const { child, ended } = launch(place)
    child.stdout?.once('data', () => child.kill('SIGTERM'))
    expect(await ended).toMatchObject({ code: 7, signal: null, stderr: Buffer.from('...') })
  })

  test('A signal that the media server has set to be ignored is not forwarded', async () => {
    const heard: ForwardedSignal[] = []
    await open(async (job) => {
      job.accept()
      job.onSignal((signal) => heard.push(signal))
      process.kill(job.pid, 'SIGHUP')
      await delay(100)
      process.kill(job.pid, 'SIGTERM')
      await delay(100)
      job.exit(0)
    })
    const wrap = (command: Buffer) => Buffer.concat([Buffer.from("trap '' HUP; exec "), command])
    expect((await (await launchBytes(place, [...askingArgs], [], wrap)).ended).code).toBe(0)
    expect(heard).toEqual(['SIGTERM'])
  })
})

describe.each(shimBuilds)('When the head of $name goes in the middle of a job', (build) => {
  let place: Installation
  let head: FakeHead
  afterEach(async () => {
    await head.close()
    await place.remove()
  })

  test('The shim exits with 69 and one line that says so', async () => {
    place = await install(build)
    head = await fakeHead(place.socket, (_frame, socket) => socket.end(acceptFrame))
    const { code, stderr } = await launch(place).ended
    expect(code).toBe(69)
    expect(stderr.toString()).toMatch(/^paceline-shim: .*the head has gone.*\n$/)
  })

  test('What the head wrote before comes out first, and waits for a slow reader without spinning', async () => {
    place = await install(build)
    const frame = Buffer.concat([Buffer.from([0, 1, 0, 0, frameTypes.stdout]), Buffer.alloc(65_536, 'a')])
    head = await fakeHead(place.socket, (_frame, socket) => {
      socket.end(Buffer.concat([acceptFrame, frame, frame, frame, frame]))
    })
    const { child, ended } = launch(place)
    child.stdout?.pause()
    await delay(600)
    expect(await cpuTicks(child.pid!)).toBeLessThan(20)
    child.stdout?.resume()
    expect(await ended).toMatchObject({ code: 69, stdout: Buffer.alloc(4 * 65_536, 'a') })
  })

  test('After a signal was forwarded the shim dies of that', async () => {
    place = await install(build)
    head = await fakeHead(place.socket, (frame, socket) => {
      if (frame.type === frameTypes.hello) {
        socket.write(acceptFrame)
        socket.write(Buffer.from([0, 0, 0, 1, frameTypes.stdout, 0x21]))
      } else socket.destroy()
    })
    const { child, ended } = launch(place)
    child.stdout?.once('data', () => child.kill('SIGINT'))
    expect(await ended).toMatchObject({ code: null, signal: 'SIGINT' })
  })
})
