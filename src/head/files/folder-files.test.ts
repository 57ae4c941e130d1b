import { execFileSync } from 'node:child_process'
import { link, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DoorJob } from '../door/door-job.ts'
import { openJobFiles } from './folder-files.ts'
import { createRoots } from './roots.ts'

let cwd: string
/** What the shim was asked to write: names and numbers of bytes. */
let asked: (readonly [string, number])[]
/** How the shim writes. */
let shimWrites: (path: string, bytes: Uint8Array) => Promise<void>
/** What happens in the folder when the shim has written a file. */
let afterwards: (path: string) => Promise<void>

beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'paceline-folder-')))
  asked = []
  shimWrites = writeFile
  afterwards = async () => undefined
})

afterEach(() => rm(cwd, { recursive: true, force: true }))

/** A job in the folder, whose shim writes as it is told. */
async function job(): Promise<DoorJob> {
  const { dev, ino } = await stat(cwd, { bigint: true })
  const write = async (path: string, bytes: Uint8Array) => {
    asked.push([path.slice(cwd.length + 1), bytes.length])
    await shimWrites(path, bytes)
    await afterwards(path)
  }
  const files = { write } as unknown as DoorJob['hands']['files']
  return {
    cwd,
    folder: { device: dev, inode: ino, isWritable: true },
    hands: { files },
  } as unknown as DoorJob
}

const film = Buffer.alloc(100_000, 'f')

it('bytes that the head writes itself lie in a file that the shim has made, and can remove', async () => {
  const files = await openJobFiles(await job(), createRoots([cwd]))
  await files.write(join(cwd, '.a.ts.tmp'), film)
  await files.close()
  expect(asked).toEqual([['.a.ts.tmp', 0]])
  expect((await readFile(join(cwd, '.a.ts.tmp'))).equals(film)).toBe(true)
})

it('a file that was removed meanwhile is not made again by the head', async () => {
  afterwards = async (path) => {
    afterwards = () => Promise.reject(new Error('the job is over'))
    await rm(path)
  }
  const files = await openJobFiles(await job(), createRoots([cwd]))
  await expect(files.write(join(cwd, '.a.ts.tmp'), film)).rejects.toThrow('the job is over')
  await files.close()
  expect(asked.map(([, bytes]) => bytes)).toEqual([0, film.length])
})

it('what the head may not write to is written by the shim, and links are not followed', async () => {
  const elsewhere = join(cwd, 'elsewhere')
  await writeFile(elsewhere, '')
  afterwards = async (path) => {
    afterwards = async () => undefined
    await rm(path)
    await symlink(elsewhere, path)
  }
  const files = await openJobFiles(await job(), createRoots([cwd]))
  await files.write(join(cwd, '.a.ts.tmp'), film)
  await files.close()
  expect(asked).toEqual([
    ['.a.ts.tmp', 0],
    ['.a.ts.tmp', film.length],
  ])
})

it.each<[string, (path: string, elsewhere: string) => Promise<unknown>]>([
  ['a second name of another file', (path, elsewhere) => link(elsewhere, path)],
  ['a pipe that nobody reads', async (path) => execFileSync('mkfifo', [path])],
  ['a file with something in it', (path) => writeFile(path, 'taken')],
])('%s in the place of the file is left to the shim', async (_name, put) => {
  const elsewhere = join(cwd, 'elsewhere')
  await writeFile(elsewhere, '')
  afterwards = async (path) => {
    afterwards = async () => undefined
    shimWrites = async () => undefined
    await rm(path)
    await put(path, elsewhere)
  }
  const files = await openJobFiles(await job(), createRoots([cwd]))
  await files.write(join(cwd, '.a.ts.tmp'), film)
  await files.close()
  expect(asked.map(([, bytes]) => bytes)).toEqual([0, film.length])
  expect(await readFile(elsewhere, 'utf8')).toBe('')
})

it('without the folder below a root the shim writes everything', async () => {
  const files = await openJobFiles(await job(), createRoots([]))
  await files.write(join(cwd, '.a.ts.tmp'), film)
  await files.close()
  expect(asked).toEqual([['.a.ts.tmp', film.length]])
  expect(await readdir(cwd)).toEqual(['.a.ts.tmp'])
})
