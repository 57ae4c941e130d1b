import { chmod, chown, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDoor } from '../../src/head/door/door.ts'
import { fakeHead } from './fake-head.ts'
import { fillBacklog, hungHead } from './hung-head.ts'
import { type Installation, install, originalCode } from './install.ts'
import { askingArgs, launch } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

/** Milliseconds. Far above what is promised: these tests tell waiting from not waiting, a benchmark tells speed. */
const atOnce = 700

describe.each(shimBuilds)('Without a head that answers, $name', (build) => {
  let place: Installation
  beforeEach(async () => {
    place = await install(build)
  })
  afterEach(() => place.remove())

  const becomesOriginal = async (env: Record<string, string> = {}) => {
    const { code, stderr, elapsedMs } = await launch(place, { env }).ended
    expect({ code, stderr: stderr.toString() }).toEqual({ code: originalCode, stderr: '' })
    expect((await place.seen()).argv).toEqual(askingArgs)
    return elapsedMs
  }

  const stamps = async () => (await readdir(place.folder)).filter((name) => name.endsWith('.stalled'))

  const age = async (seconds: number) => {
    const past = Date.now() / 1000 - seconds
    for (const name of await stamps()) await utimes(join(place.folder, name), past, past)
  }

  test('becomes the original at once where there is no socket', async () => {
    expect(await becomesOriginal()).toBeLessThan(atOnce)
    expect(await stamps()).toEqual([])
  })

  test('becomes the original at once where nobody listens any more', async () => {
    const head = await hungHead(place.socket)
    await head.stop()
    expect(await becomesOriginal()).toBeLessThan(atOnce)
    expect(await stamps()).toEqual([])
  })

  test.each([
    ['nothing', ''],
    ['another kind', 'tcp:127.0.0.1:80'],
    ['a relative path', 'unix:head.sock'],
    ['a path too long for a socket', `unix:/${'x'.repeat(200)}`],
    ['a regular file', 'unix:/etc/passwd'],
  ])('becomes the original at once where the address is %s', async (_what, address) => {
    expect(await becomesOriginal({ PACELINE_HEAD: address })).toBeLessThan(atOnce)
  })

  test('becomes the original at once where the head closes without a word', async () => {
    const head = await fakeHead(place.socket, (_frame, socket) => socket.end())
    expect(await becomesOriginal()).toBeLessThan(atOnce)
    await head.close()
  })

  test('waits 1.5 s for a stopped head, and not again for 30 s', async () => {
    const head = await hungHead(place.socket)
    const first = await becomesOriginal()
    expect(first).toBeGreaterThan(1_450)
    expect(first).toBeLessThan(2_400)
    expect(await stamps()).toEqual(['head.sock.stalled'])
    expect(await becomesOriginal()).toBeLessThan(atOnce)
    await age(31)
    expect(await becomesOriginal()).toBeGreaterThan(1_450)
    await head.stop()
  })

  test('waits no longer where not even a connection is taken', async () => {
    const head = await hungHead(place.socket, 1)
    const sockets = await fillBacklog(place.socket)
    const elapsedMs = await becomesOriginal()
    expect(elapsedMs).toBeGreaterThan(1_450)
    expect(elapsedMs).toBeLessThan(2_400)
    for (const socket of sockets) socket.destroy()
    await head.stop()
  })

  test('waits no longer where a long hello is not taken', async () => {
    const head = await hungHead(place.socket)
    const args = [...askingArgs, ...Array.from({ length: 10 }, () => 'x'.repeat(100_000))]
    const { code, elapsedMs } = await launch(place, { args }).ended
    expect(code).toBe(originalCode)
    expect(elapsedMs).toBeGreaterThan(1_450)
    expect(elapsedMs).toBeLessThan(2_400)
    await head.stop()
  })

  // It is given no more than a moment, which a busy machine may not have.
  test('finds a head that answers again, and forgets that it did not', { retry: 3 }, async () => {
    await writeFile(`${place.socket}.stalled`, '')
    let jobs = 0
    const door = await openDoor({
      path: place.socket,
      onJob: (job) => {
        jobs++
        job.local('a test')
      },
    })
    await becomesOriginal()
    expect([jobs, await stamps()]).toEqual([1, []])
    await door.close()
  })

  test('leaves the stamp in TMPDIR where it cannot write beside the socket', async () => {
    // A name that is taken by a folder cannot become a stamp, even for root.
    await mkdir(`${place.socket}.stalled`)
    const head = await hungHead(place.socket)
    expect(await becomesOriginal()).toBeGreaterThan(1_450)
    expect((await stamps()).length).toBe(2)
    expect(await becomesOriginal()).toBeLessThan(atOnce)
    await head.stop()
  })

  test.skipIf(process.getuid?.() !== 0)(
    'does not trust a stamp of another user, which only root can make here',
    async () => {
      await writeFile(`${place.socket}.stalled`, '')
      await chown(`${place.socket}.stalled`, 65_534, 65_534)
      const head = await hungHead(place.socket)
      expect(await becomesOriginal()).toBeGreaterThan(1_450)
      await head.stop()
    },
  )

  test('does not follow a link that lies where the stamp would be', async () => {
    const victim = join(place.folder, 'victim')
    await writeFile(victim, 'precious')
    await utimes(victim, 1, 1)
    await symlink(victim, `${place.socket}.stalled`)
    const head = await hungHead(place.socket)
    expect(await becomesOriginal()).toBeGreaterThan(1_450)
    expect((await stat(victim)).mtimeMs).toBe(1_000)
    await head.stop()
  })

  test('says what is wrong and exits with 127 where there is no original', async () => {
    await rm(`${place.shim}.orig`)
    const { code, stderr } = await launch(place).ended
    expect(code).toBe(127)
    expect(stderr.toString()).toBe(
      `paceline-shim: cannot run the original transcoder ${place.shim}.orig: No such file or directory; ` +
        'put it back there, or set PACELINE_ORIGINAL to where it is\n',
    )
  })

  test('exits with 126 where the original is not a program', async () => {
    await chmod(`${place.shim}.orig`, 0o644)
    expect(await launch(place).ended).toMatchObject({ code: 126 })
    await writeFile(`${place.shim}.orig`, 'neither a script nor a program')
    await chmod(`${place.shim}.orig`, 0o755)
    expect(await launch(place).ended).toMatchObject({ code: 126 })
  })

  test('does not run itself for ever where it was put over its own original', async () => {
    await rm(`${place.shim}.orig`)
    await symlink(place.shim, `${place.shim}.orig`)
    const { code, stderr } = await launch(place).ended
    expect(code).toBe(126)
    expect(stderr.toString()).toContain('this is the shim itself')
  })

  test('finds the original beside its own file when it is called through a link', async () => {
    const link = join(place.folder, 'elsewhere')
    await symlink(place.shim, link)
    const { code } = await launch({ ...place, shim: link }).ended
    expect(code).toBe(originalCode)
  })
})
