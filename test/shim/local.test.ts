import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DoorJob } from '../../src/head/door/door-job.ts'
import { type AtTheDoor, atTheDoor, endOf } from './at-the-door.ts'
import { originalCode } from './install.ts'
import { askingArgs, headEnv, launch, launchBytes } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

describe.each(shimBuilds)('When the head of $name says local, the original', (build) => {
  let place: AtTheDoor
  afterEach(() => place.close())

  const open = async (onJob: (job: DoorJob) => void | Promise<void>) => {
    place = await atTheDoor(build, onJob)
  }

  test('gets arguments and environment byte for byte', async () => {
    await open((job) => void job.local('a test'))
    const odd = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1))
    const args = [...askingArgs, '', odd, 'a b', '*']
    const env = ['HOME=/root', 'EMPTY=', 'PATH=/usr/bin:/bin', Buffer.concat([Buffer.from('ODD='), odd])]
    await (await launchBytes(place, args, env)).ended
    const seen = await place.seen()
    expect(seen.argv).toEqual(args.map((word) => Buffer.from(word).toString('latin1')))
    const entries = [...Object.entries(headEnv(place)).map(([name, value]) => `${name}=${value}`), ...env]
    const expected = entries.map((entry) => `${Buffer.from(entry).toString('latin1')}\0`).join('')
    expect(seen.environ.toString('latin1')).toBe(expected)
  })

  test('gets every byte of the input, its streams and its exit code', async () => {
    await open(async (job) => {
      await delay(50)
      job.local('a test')
    })
    const input = Buffer.alloc(300_000, 'input ')
    const { code } = await launch(place, { stdin: input }).ended
    expect(code).toBe(originalCode)
    expect((await place.seen()).stdin.equals(input)).toBe(true)
    expect(await endOf(place.jobs[0]!)).toEqual({ how: 'local' })
  })

  test('finds signals and descriptors as the media server left them', async () => {
    await open((job) => {
      job.accept()
      setTimeout(() => job.local('thought better of it'), 50)
    })
    await launch(place).ended
    const throughShim = await place.seen()
    await launch(place, { args: [] }).ended
    const untouched = await place.seen()
    expect(throughShim.signals).toBe(untouched.signals)
    expect(throughShim.signals).toContain('SigBlk:\t0000000000000000')
    // One more: the connection, whose end tells the head when the original has ended.
    expect(throughShim.descriptors.length).toBe(untouched.descriptors.length + 1)
    expect(throughShim.descriptors).toEqual(expect.arrayContaining([...untouched.descriptors]))
  })

  test('ends the connection when it ends, and not before', async () => {
    await open((job) => void job.local('a test'))
    const { child, ended } = launch(place, { stdio: ['pipe', 'pipe', 'pipe'], keepInput: true })
    const job = await place.job()
    await delay(200)
    expect(job.closed.aborted).toBe(false)
    child.stdin?.end()
    await ended
    expect(await endOf(job)).toEqual({ how: 'local' })
  })

  test('also gets a job that was accepted first, with all of its input', async () => {
    await open((job) => {
      job.accept()
      setTimeout(() => job.local('no node can do it'), 100)
    })
    const input = Buffer.alloc(100_000, 'input ')
    expect((await launch(place, { stdin: input }).ended).code).toBe(originalCode)
    expect((await place.seen()).stdin.equals(input)).toBe(true)
  })

  test('does not get a job of which something was relayed', async () => {
    let answer: boolean | undefined
    await open(async (job) => {
      job.accept()
      await job.stderr(Buffer.from('begun'))
      answer = job.local('too late')
      job.exit(5)
    })
    expect(await launch(place).ended).toMatchObject({ code: 5, stderr: Buffer.from('begun') })
    expect(answer).toBe(false)
  })

  test('does not start when a signal came while the head thought', async () => {
    await open((job) => {
      job.accept()
      job.onSignal(() => job.local('the user has given up'))
      // The shim holds signals back only once it has read the answer.
      setTimeout(() => process.kill(job.pid, 'SIGTERM'), 100)
    })
    expect((await launch(place).ended).signal).toBe('SIGTERM')
    await expect(place.seen()).rejects.toThrow('ENOENT')
  })

  test.each([
    [[], false],
    [['-version'], false],
    [['-i', 'progressurl', '-f', 'image2', 'x.jpg'], false],
    [['-f', 'matroska,webm', '-i', 'x', '-f'], false],
    [['-progressurl', 'http://x'], true],
    [['-f', 'ssegment', 'x'], true],
    [['-f', 'segment', 'x'], true],
    [['-f', 'stream_segment', 'x'], true],
    [['-f', 'dash', 'x'], true],
    [['-i', 'file:x', '-f', 'hls', '-max_delay', '5000000', '-hls_time', '3', 'x.m3u8'], true],
    [['-hls_segment_type', 'mpegts', 'x.m3u8'], true],
  ])('The job %j asks the head: %s', async (args, asks) => {
    await open((job) => void job.local('a test'))
    expect((await launch(place, { args }).ended).code).toBe(originalCode)
    expect(place.jobs.length).toBe(asks ? 1 : 0)
    expect((await place.seen()).argv).toEqual(args)
  })

  test('is found by a file beside the shim that names the head, and by PACELINE_ORIGINAL', async () => {
    await open((job) => void job.local('a test'))
    await writeFile(`${place.shim}.head`, `unix:${place.socket}\n`)
    await rename(`${place.shim}.orig`, `${place.folder}/elsewhere`)
    const env = { PACELINE_HEAD: '', PACELINE_ORIGINAL: `${place.folder}/elsewhere` }
    expect((await launch(place, { env }).ended).code).toBe(originalCode)
    expect(place.jobs.length).toBe(1)
    expect(await readFile(`${place.folder}/seen-argv`, 'latin1')).toContain('-progressurl')
  })
})
