import { execFileSync } from 'node:child_process'
import { chmod, mkdir, open, rename, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HandPlace, handPlace } from './hand-place.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

/** Where the first argument of a test's own stands: behind those that make the shim ask. */
const first = 2

describe.each(shimBuilds)('Inputs through $name', (build) => {
  let place: HandPlace
  let film: string
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 253))
  beforeEach(async () => {
    place = await handPlace(build)
    film = join(place.folder, "a film's.mkv")
    await writeFile(film, bytes)
  })
  afterEach(() => place.close())

  test('The hello tells what the inputs are', async () => {
    const { job } = await place.start({ args: ['-i', film, '-i', `file:${film}`, '-i', '/no/such/file'] })
    const { dev, ino, size, mtimeNs } = await stat(film, { bigint: true })
    const identity = { device: dev, inode: ino, size, mtimeNs }
    expect(job.inputs).toEqual([
      { argument: first + 1, errno: 0, identity },
      { argument: first + 3, errno: 0, identity },
      { argument: first + 5, errno: constants.errno.ENOENT, identity: expect.anything() },
    ])
    const cwd = await stat(place.cwd, { bigint: true })
    expect(job.folder).toEqual({ device: cwd.dev, inode: cwd.ino, isWritable: true })
  })

  test('Any range is read, and no more than there is', async () => {
    const { job } = await place.start({ args: ['-i', film] })
    const file = { argument: first + 1 }
    for (const [at, length] of [
      [0, 1],
      [0, 300_000],
      [65_531, 65_533],
      [299_999, 10],
      [300_000, 10],
      [2 ** 40, 10],
    ] as const) {
      expect((await job.hands.reads.read(file, at, length)).equals(bytes.subarray(at, at + length))).toBe(
        true,
      )
    }
    expect(await job.hands.reads.look(file)).toEqual(job.inputs[0]!.identity)
  })

  test('A file beyond four gigabytes is read at its end', async () => {
    const large = join(place.folder, 'large.mkv')
    const handle = await open(large, 'w')
    await handle.write('the end', 5 * 2 ** 30)
    await handle.close()
    const { job } = await place.start({ args: ['-i', large] })
    expect((await job.hands.reads.read({ argument: first + 1 }, 5 * 2 ** 30, 100)).toString()).toBe('the end')
    expect(job.inputs[0]!.identity.size).toBe(BigInt(5 * 2 ** 30 + 7))
  })

  test('An input that is swapped during the job stays the one that the job began with', async () => {
    const { job } = await place.start({ args: ['-i', film] })
    await writeFile(`${film}.new`, 'another file, perhaps a secret')
    await rename(`${film}.new`, film)
    expect((await job.hands.reads.read({ argument: first + 1 }, 0, 10)).equals(bytes.subarray(0, 10))).toBe(
      true,
    )
  })

  test('A file that grows is read to its new end', async () => {
    const { job } = await place.start({ args: ['-i', film] })
    await truncate(film, 300_010)
    expect((await job.hands.reads.read({ argument: first + 1 }, 300_000, 100)).length).toBe(10)
  })

  test('What cannot be opened says why', async () => {
    const link = join(place.folder, 'link.mkv')
    const folder = join(place.folder, 'folder')
    const pipe = join(place.folder, 'pipe')
    await symlink(film, link)
    await mkdir(folder)
    await symlink(place.folder, join(folder, 'way'))
    execFileSync('mkfifo', [pipe])
    const paths = [link, join(folder, 'way', 'link.mkv'), `${folder}/../link.mkv`, folder, pipe, `${film}/x`]
    const { job } = await place.start({ args: paths.flatMap((path) => ['-i', path]) })
    const { ELOOP, EXDEV, EISDIR, EINVAL, ENOTDIR } = constants.errno
    expect(job.inputs.map(({ errno }) => errno)).toEqual([ELOOP, ELOOP, EXDEV, EISDIR, EINVAL, ENOTDIR])
    await expect(job.hands.reads.read({ argument: first + 1 }, 0, 1)).rejects.toMatchObject({
      code: 'E_HANDS_REFUSED',
    })
    await expect(job.hands.reads.read({ argument: first + 7 }, 0, 1)).rejects.toMatchObject({
      code: 'EISDIR',
    })
  })

  test('Only arguments behind -i are inputs', async () => {
    const { job } = await place.start({ args: ['-metadata', film, '-i', film, film] })
    expect(job.inputs.map(({ argument }) => argument)).toEqual([first + 3])
    for (const argument of [0, first + 1, first + 4, 1_000, 2 ** 32 - 1]) {
      await expect(job.hands.reads.read({ argument }, 0, 1), String(argument)).rejects.toMatchObject({
        code: 'E_HANDS_REFUSED',
      })
    }
  })

  test.each([
    ['plain', (path: string) => `[0]subtitles=${path}:si=0[1]`],
    ['named', (path: string) => `[0]subtitles=filename=${path},scale=2:2`],
    ['quoted', (path: string) => `[0]inlineass=font_path='${path}':size=3[o]`],
    ['escaped once', (path: string) => `subtitles=f=${path.replace(/[' :]/g, '\\$&')}:a=b`],
    ['escaped twice', (path: string) => `subtitles=f=${path.replace(/[' :]/g, '\\\\\\$&')}:a=b`],
    [
      'escaped three times',
      (path: string) => `subtitles=f=${path.replace(/[' :]/g, `${'\\'.repeat(7)}$&`)}:a=b`,
    ],
  ])('A file that a filter graph names, %s, is read', async (quoting, write) => {
    const path = join(place.folder, quoting.startsWith('escaped') ? "Noto: it's.otf" : 'Noto.otf')
    await writeFile(path, 'a font')
    const { job } = await place.start({ args: ['-filter_complex', write(path)] })
    const file = { argument: first + 1, path }
    expect((await job.hands.reads.read(file, 2, 10)).toString()).toBe('font')
    expect((await job.hands.reads.look(file)).size).toBe(6n)
  })

  test('A graph names nothing but whole values', async () => {
    const secret = join(place.folder, 'secret')
    await writeFile(secret, 'mine')
    await writeFile(`${secret}s.srt`, 'not mine')
    const graph = `[0]drawtext=text=a${secret}b:file=${secret}s.srt`
    const { job } = await place.start({ args: ['-filter_complex', graph, '-metadata', `a=${secret}`] })
    for (const [argument, path] of [
      [first + 1, secret],
      [first + 3, secret],
      [first + 1, '/etc/passwd'],
      [first + 1, `${place.folder}/x/../secrets.srt`],
      [first + 1, 'drawtext'],
    ] as const) {
      await expect(job.hands.reads.read({ argument, path }, 0, 1), path).rejects.toMatchObject({
        code: 'E_HANDS_REFUSED',
      })
    }
    expect(
      (await job.hands.reads.read({ argument: first + 1, path: `${secret}s.srt` }, 0, 9)).toString(),
    ).toBe('not mine')
  })

  test.skipIf(process.getuid!() !== 0)('A file that the media server may not read says so', async () => {
    const closed = join(place.folder, 'closed')
    await mkdir(closed)
    await writeFile(join(closed, 'film.mkv'), 'x')
    await chmod(closed, 0o000)
    await chmod(place.folder, 0o777)
    const { job } = await place.start({ args: ['-i', join(closed, 'film.mkv')], asNobody: true })
    expect(job.inputs[0]!.errno).toBe(constants.errno.EACCES)
  })
})
