import { link, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { HandFiles } from '../../src/head/door/hands.ts'
import { type HandPlace, handPlace } from './hand-place.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

describe.each(shimBuilds)('Files through $name', (build) => {
  let place: HandPlace
  beforeEach(async () => {
    place = await handPlace(build)
  })
  afterEach(() => place.close())

  const files = async (...args: string[]): Promise<HandFiles> => (await place.start({ args })).job.hands.files
  const inside = (name: string) => join(place.cwd, name)
  const refused = { code: 'E_HANDS_REFUSED' }

  test.each([0, 1, 65_000, 65_536, 1_000_000])('A file of %d bytes is written as it is', async (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => index % 251))
    const hands = await files()
    await hands.write(inside('media-00000.ts'), bytes)
    expect((await readFile(inside('media-00000.ts'))).equals(bytes)).toBe(true)
  })

  test('A file that is written again is a new one', async () => {
    const hands = await files()
    await hands.write(inside('a'), Buffer.alloc(100_000))
    await hands.write(inside('a'), Buffer.from('short'))
    expect(await readFile(inside('a'), 'utf8')).toBe('short')
  })

  test('A file that is there is written into, wherever that is, and nothing else of it changes', async () => {
    const hands = await files()
    const bytes = Buffer.alloc(200_000, 'b')
    await hands.write(inside('a'), Buffer.from('aaaaaa'))
    await hands.writeAt(inside('a'), 100_000, bytes)
    await hands.writeAt(inside('a'), 2, Buffer.from('cc'))
    const wanted = Buffer.concat([Buffer.from('aaccaa'), Buffer.alloc(99_994), bytes])
    expect((await readFile(inside('a'))).equals(wanted)).toBe(true)
    await expect(hands.writeAt(inside('b'), 0, bytes)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('Two files that are written at the same time do not mix', async () => {
    const hands = await files()
    const [a, b] = [Buffer.alloc(300_000, 'a'), Buffer.alloc(300_000, 'b')]
    await Promise.all([hands.write(inside('a'), a), hands.write(inside('b'), b)])
    expect((await readFile(inside('a'))).equals(a) && (await readFile(inside('b'))).equals(b)).toBe(true)
  })

  test('A new file has the rights that the transcoder would have given it', async () => {
    await (await files()).write(inside('a'), Buffer.from('x'))
    const { mode, uid } = await stat(inside('a'))
    expect(mode & 0o777).toBe(0o666 & ~process.umask())
    expect(uid).toBe(process.getuid!())
  })

  test('A file is renamed over another one, looked at and removed', async () => {
    const hands = await files()
    await hands.write(inside('.a.tmp'), Buffer.from('new'))
    await writeFile(inside('a'), 'old')
    await hands.rename(inside('.a.tmp'), inside('a'))
    expect(await readFile(inside('a'), 'utf8')).toBe('new')
    const { mtimeNs } = await stat(inside('a'), { bigint: true })
    expect(await hands.look(inside('a'))).toEqual({ kind: 'file', size: 3, mtimeNs })
    await hands.remove(inside('a'))
    expect(await readdir(place.cwd)).toEqual([])
    await expect(hands.look(inside('a'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('A folder is listed whole, however many files it has', async () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `a rather long name é ${index}.ts`)
    for (const name of names) await writeFile(inside(name), 'x'.repeat(name.length))
    await mkdir(inside('folder'))
    const listed = await (await files()).list(place.cwd)
    expect(listed.map(({ name }) => name).sort()).toEqual(names.sort())
    expect(listed.every(({ name, size }) => name.length === size)).toBe(true)
  })

  test('Names of any bytes come back as they are', async () => {
    const name = Buffer.from([0x61, 0xff, 0x80, 0x20, 0x62])
    await writeFile(Buffer.concat([Buffer.from(`${place.cwd}/`), name]), 'x')
    const hands = await files()
    const [found] = await hands.list(place.cwd)
    await hands.remove(inside(found!.name))
    expect(await readdir(place.cwd)).toEqual([])
  })

  test('The system’s reasons are told', async () => {
    const hands = await files()
    await mkdir(inside('folder'))
    await expect(hands.write(inside('folder'), Buffer.of(1))).rejects.toMatchObject({ code: 'EISDIR' })
    await expect(hands.write(inside('missing/a'), Buffer.of(1))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(hands.remove(inside('a'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(hands.write(inside('x'.repeat(300)), Buffer.of(1))).rejects.toMatchObject({
      code: 'ENAMETOOLONG',
    })
  })

  test('A working directory that has been removed is not made again', async () => {
    const hands = await files()
    await rm(place.cwd, { recursive: true })
    await expect(hands.write(inside('a'), Buffer.of(1))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(stat(place.cwd)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('Paths outside are refused, whatever is asked', async () => {
    const outside = join(place.folder, 'outside')
    await writeFile(outside, 'mine')
    const hands = await files()
    for (const path of [
      outside,
      `${place.cwd}/../../outside`,
      `${place.cwd}/./a`,
      `${place.cwd}x/a`,
      place.cwd,
      'media-00000.ts',
      '/',
      '/etc/passwd',
    ]) {
      await expect(hands.write(path, Buffer.of(1)), path).rejects.toMatchObject(refused)
      await expect(hands.remove(path), path).rejects.toMatchObject(refused)
      await expect(hands.rename(path, inside('b')), path).rejects.toMatchObject(refused)
      await expect(hands.look(path), path).rejects.toMatchObject(refused)
    }
    await writeFile(inside('a'), 'a')
    await expect(hands.rename(inside('a'), outside)).rejects.toMatchObject(refused)
    await expect(hands.list(join(place.folder))).rejects.toMatchObject(refused)
    await expect(hands.list(`${place.cwd}/..`)).rejects.toMatchObject(refused)
    expect(await readFile(outside, 'utf8')).toBe('mine')
  })

  test('Links lead nowhere: neither a file nor a folder on the way', async () => {
    const outside = join(place.folder, 'outside')
    await mkdir(outside)
    await writeFile(join(outside, 'a'), 'mine')
    await symlink(join(outside, 'a'), inside('file'))
    await symlink(outside, inside('folder'))
    await symlink('a', inside('dangling'))
    const hands = await files()
    for (const name of ['file', 'folder/a', 'folder/new', 'dangling']) {
      await expect(hands.write(inside(name), Buffer.of(1)), name).rejects.toMatchObject(refused)
    }
    await expect(hands.remove(inside('folder/a'))).rejects.toMatchObject(refused)
    await expect(hands.rename(inside('folder/a'), inside('b'))).rejects.toMatchObject(refused)
    await expect(hands.list(inside('folder'))).rejects.toMatchObject(refused)
    expect(await readdir(outside)).toEqual(['a'])
    expect(await readFile(join(outside, 'a'), 'utf8')).toBe('mine')
  })

  test('A folder that becomes a link during the job is not followed', async () => {
    await mkdir(inside('sub'))
    const outside = join(place.folder, 'outside')
    await mkdir(outside)
    const hands = await files()
    await hands.write(inside('sub/a'), Buffer.from('first'))
    await rename(inside('sub'), inside('moved'))
    await symlink(outside, inside('sub'))
    await expect(hands.write(inside('sub/a'), Buffer.from('second'))).rejects.toMatchObject(refused)
    expect(await readdir(outside)).toEqual([])
  })

  test('The working directory stays the one the job began in, though a link takes its place', async () => {
    const outside = join(place.folder, 'outside')
    await mkdir(outside)
    const hands = await files()
    await rename(place.cwd, `${place.cwd}-moved`)
    await symlink(outside, place.cwd)
    await hands.write(inside('a'), Buffer.from('x'))
    expect([await readdir(outside), await readdir(`${place.cwd}-moved`)]).toEqual([[], ['a']])
  })

  test('While links are swapped as fast as can be, nothing is written outside', async () => {
    const outside = join(place.folder, 'outside')
    await mkdir(outside)
    await mkdir(inside('real'))
    await symlink(outside, inside('link'))
    const hands = await files()
    let isOver = false
    const swapping = (async () => {
      while (!isOver) {
        await rename(inside('real'), inside('sub')).catch(() => {})
        await rename(inside('sub'), inside('real')).catch(() => {})
        await rename(inside('link'), inside('sub')).catch(() => {})
        await rename(inside('sub'), inside('link')).catch(() => {})
      }
    })()
    let written = 0
    for (let turn = 0; turn < 400; turn++) {
      await hands.write(inside('sub/a'), Buffer.from('x')).then(
        () => written++,
        () => undefined,
      )
    }
    isOver = true
    await swapping
    expect(written).toBeGreaterThan(0)
    expect(await readdir(outside)).toEqual([])
  })

  test('Outputs that the arguments name are written, under their names and with .tmp', async () => {
    const out = join(place.folder, 'out')
    await mkdir(out)
    const hands = await files(
      ...[
        '-i',
        '/films/a.mkv',
        '-hls_segment_filename',
        `${out}/abc%d.ts`,
        '-map',
        '0',
        `file:${out}/film 1.mp4`,
      ],
      ...['-media_seg_name', `${out}/c-$RepresentationID$-$Number%05d$.m4s`],
    )
    for (const name of [
      'abc0.ts',
      'abc123.ts',
      'abc1.ts.tmp',
      'film 1.mp4',
      'film 1.mp4.tmp',
      'c-0-00001.m4s',
    ]) {
      await hands.write(join(out, name), Buffer.from(name))
      expect(await readFile(join(out, name), 'utf8')).toBe(name)
    }
    await hands.rename(join(out, 'abc1.ts.tmp'), join(out, 'abc1.ts'))
    for (const name of [
      'abc.ts',
      'abcx.ts',
      'abc1.tsx',
      'abc1.ts.tmp.tmp',
      'film',
      'film 1.mp4/x',
      'c-0-1.mp4',
      'c--1.m4s',
    ]) {
      await expect(hands.write(join(out, name), Buffer.of(1)), name).rejects.toMatchObject(refused)
    }
    await expect(hands.list(out)).rejects.toMatchObject(refused)
  })

  test.each(['-i', '-attach', '-filter_complex_script', '-hwaccel_device:0', '-/filter_complex'])(
    'What stands behind %s is read, and never written',
    async (option) => {
      const path = join(place.folder, 'film.mkv')
      await writeFile(path, 'film')
      const hands = await files(option, path, path)
      await expect(hands.write(path, Buffer.of(1))).rejects.toMatchObject(refused)
      expect(await readFile(path, 'utf8')).toBe('film')
    },
  )

  test('An output that is a link is not followed', async () => {
    const secret = join(place.folder, 'secret')
    const path = join(place.folder, 'out.mp4')
    await writeFile(secret, 'mine')
    await symlink(secret, path)
    const hands = await files(path)
    await expect(hands.write(path, Buffer.of(1))).rejects.toMatchObject(refused)
    expect(await readFile(secret, 'utf8')).toBe('mine')
  })

  test('Nothing is written through a second name of a file after it was renamed over', async () => {
    await writeFile(inside('old'), 'kept')
    await link(inside('old'), inside('a'))
    const hands = await files()
    await hands.write(inside('a.tmp'), Buffer.from('new'))
    await hands.rename(inside('a.tmp'), inside('a'))
    expect(await readFile(inside('old'), 'utf8')).toBe('kept')
  })

  test('After the job nothing is done any more', async () => {
    const { job, ended } = await place.start()
    job.exit(0)
    await ended
    await expect(job.hands.files.write(inside('a'), Buffer.of(1))).rejects.toMatchObject({
      code: 'E_HANDS_GONE',
    })
  })
})
