import { chmod, lstat, mkdir, mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endOf } from '../../../test/shim/at-the-door.ts'
import { fakeShim } from '../../../test/shim/fake-shim.ts'
import { helloFrame } from '../../../test/shim/shim-words.ts'
import { type Door, openDoor } from './door.ts'
import type { DoorJob } from './door-job.ts'
import { frameTypes } from './frame.ts'

let folder: string
let path: string
const doors: Door[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-door-'))
  path = join(folder, 'run', 'head.sock')
})
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
  await rm(folder, { recursive: true })
})

async function open(
  options: { path?: string; mode?: number; onJob?: (job: DoorJob) => void } = {},
): Promise<Door> {
  const door = await openDoor({ path, onJob: (job) => void job.local('a test'), ...options })
  doors.push(door)
  return door
}

const modeOf = async (name: string) => ((await stat(name)).mode & 0o777).toString(8)

/** A socket file that its server left behind: closed under another name, which only that one removes. */
async function deadSocket(): Promise<void> {
  await mkdir(join(folder, 'run'))
  const server = createServer()
  await new Promise<void>((listening) => server.listen(`${path}.live`, listening))
  await rename(`${path}.live`, path)
  await new Promise((closed) => server.close(closed))
}

const answerAt = async (where: string) => {
  const shim = await fakeShim(where, helloFrame())
  return (await shim.next())?.type
}

describe('Opening the door', () => {
  test('Folder and socket are made for the owner and the group', async () => {
    await open()
    expect([await modeOf(join(folder, 'run')), await modeOf(path)]).toEqual(['750', '660'])
    expect(await answerAt(path)).toBe(frameTypes.local)
  })

  test('A folder that is there keeps its permissions, and the socket gets those asked for', async () => {
    await mkdir(join(folder, 'run'))
    await chmod(join(folder, 'run'), 0o711)
    await open({ mode: 0o666 })
    expect([await modeOf(join(folder, 'run')), await modeOf(path)]).toEqual(['711', '666'])
  })

  test('A head that lives keeps its door', async () => {
    await open()
    await expect(open()).rejects.toMatchObject({ code: 'E_DOOR_IN_USE', where: path })
    expect(await answerAt(path)).toBe(frameTypes.local)
  })

  test('What a dead head left is replaced', async () => {
    await deadSocket()
    expect((await lstat(path)).isSocket()).toBe(true)
    await open()
    expect(await answerAt(path)).toBe(frameTypes.local)
  })

  test('What is no socket is left alone', async () => {
    await mkdir(join(folder, 'run'))
    await writeFile(path, 'precious')
    await expect(open()).rejects.toMatchObject({ code: 'E_DOOR_PATH' })
    await rm(path)
    await symlink('/nowhere', path)
    await expect(open()).rejects.toMatchObject({ code: 'E_DOOR_PATH' })
    expect((await lstat(path)).isSymbolicLink()).toBe(true)
  })

  test('A path that no socket can have is refused with its length', async () => {
    const long = join(folder, 'x'.repeat(120))
    await expect(open({ path: long })).rejects.toMatchObject({
      code: 'E_DOOR_PATH',
      where: expect.stringContaining('at most 107'),
    })
    const longest = join(folder, 'y'.repeat(106 - Buffer.byteLength(folder)))
    expect(Buffer.byteLength(longest)).toBe(107)
    await open({ path: longest })
    expect(await answerAt(longest)).toBe(frameTypes.local)
  })

  test('A folder that cannot be made is refused', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(open({ path: join(folder, 'file', 'head.sock') })).rejects.toMatchObject({
      code: 'E_DOOR_PATH',
    })
  })
})

describe('Closing the door', () => {
  test('Unanswered jobs go to the original, others are dropped, and the socket is gone', async () => {
    const jobs: DoorJob[] = []
    const door = await open({ onJob: (job) => void jobs.push(job) })
    const waiting = await fakeShim(path, helloFrame())
    await expect.poll(() => jobs.length).toBe(1)
    const accepted = await fakeShim(path, helloFrame())
    await expect.poll(() => jobs.length).toBe(2)
    jobs[1]!.accept()
    await jobs[1]!.stdout(Buffer.from('x'))
    await door.close()
    expect((await waiting.next())?.type).toBe(frameTypes.local)
    await accepted.closed
    expect([await endOf(jobs[0]!), await endOf(jobs[1]!)]).toEqual([{ how: 'local' }, { how: 'door' }])
    await expect(lstat(path)).rejects.toThrow('ENOENT')
  })

  test('The same path can be opened again', async () => {
    const door = await open()
    await door.close()
    await open()
    expect(await answerAt(path)).toBe(frameTypes.local)
  })

  test('A hundred shims at once are all answered', async () => {
    await open()
    const answers = await Promise.all(Array.from({ length: 100 }, () => answerAt(path)))
    expect(answers).toEqual(Array.from({ length: 100 }, () => frameTypes.local))
  })
})
