import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DoorJob } from '../door/door-job.ts'
import { type DryAnswer, type DryJob, dryJobOf } from './dry-job.ts'

let folder: string
let film: string
let answers: DryAnswer[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-dry-'))
  film = join(folder, 'film.mkv')
  await writeFile(film, 'all the bytes of a film')
  answers = []
})
afterEach(() => rm(folder, { recursive: true }))

async function dryJob(path = film): Promise<DryJob> {
  const { dev: device, ino: inode, size, mtimeNs } = await stat(film, { bigint: true })
  const job = {
    ...{ version: 1, features: ['files'], pid: 7, uid: 0, cwd: folder, program: 'Plex Transcoder', env: {} },
    ...{ args: ['-i', `file:${path}`, 'x'], streams: { stdin: 'other', stdout: 'pipe', stderr: 'pipe' } },
    inputs: [{ argument: 1, errno: 0, identity: { device, inode, size, mtimeNs } }],
    local: () => {
      throw new Error('the original was asked twice')
    },
  } as unknown as DoorJob
  return dryJobOf(job, (answer) => void answers.push(answer))
}

const file = { argument: 1 }

describe('a job that is only looked at', () => {
  it('is the same job', async () => {
    const dry = await dryJob()
    expect(dry).toMatchObject({ features: ['files'], cwd: folder, args: ['-i', `file:${film}`, 'x'] })
    expect(dry.accept()).toBe(true)
  })

  it('is answered once, and released by it', async () => {
    const dry = await dryJob()
    expect([dry.local('live: a tuner'), dry.local('again'), dry.exit(0), dry.accept()]).toEqual([
      ...[true, false, false, false],
    ])
    expect(answers).toEqual([{ how: 'local', reason: 'live: a tuner' }])
    expect(dry.released.aborted).toBe(true)
  })

  it('that ends with an exit code is one that the server was told of', async () => {
    const dry = await dryJob()
    dry.exit(254)
    expect(answers).toEqual([{ how: 'local', reason: expect.stringMatching(/^unopened: /) }])
  })

  it('reads the film where it is, as far as it goes', async () => {
    const { reads } = (await dryJob()).hands
    expect((await reads.read(file, 4, 3)).toString()).toBe('the')
    expect((await reads.read(file, 19, 100)).toString()).toBe('film')
    expect(await reads.look(file)).toMatchObject({ size: 23n })
  })

  it('changes no file, and sends nothing', async () => {
    const { files, http, leaveResume, beat } = (await dryJob()).hands
    await files.write(join(folder, 'segment'), Buffer.from('x'))
    await files.rename(film, join(folder, 'elsewhere'))
    await files.remove(film)
    expect((await stat(film)).size).toBe(23)
    await expect(stat(join(folder, 'segment'))).rejects.toThrow('ENOENT')
    const request = { method: 'PUT', argument: 1, suffix: '', headers: [], body: null } as const
    expect(await http.exchange({ ...request, keepsConnection: true, timeoutMilliseconds: 1 })).toEqual({
      ...{ status: 200, body: '' },
    })
    expect([leaveResume([], 'now'), beat(1_000), await files.list(folder)]).toEqual([true, true, []])
  })

  it.each([
    ['is another one than the shim saw', async () => rename(await another(), film)],
    ['is not there for the head', () => rm(film)],
  ])('and whose film %s is not looked into', async (_what, change) => {
    const dry = await dryJob()
    await change()
    await expect(dry.hands.reads.read(file, 0, 4)).rejects.toMatchObject({ code: 'E_PATH_OUTSIDE' })
    dry.local('head-error')
    expect(answers).toEqual([{ how: 'unseen', path: film }])
  })

  it('reads nothing that its arguments do not name as an input', async () => {
    const { reads } = (await dryJob()).hands
    await expect(reads.read({ argument: 2 }, 0, 1)).rejects.toMatchObject({ code: 'E_PATH_OUTSIDE' })
    await expect(reads.read({ argument: 1, path: '/etc/passwd' }, 0, 1)).rejects.toMatchObject({
      code: 'E_PATH_OUTSIDE',
    })
  })
})

async function another(): Promise<string> {
  const path = join(folder, 'another')
  await writeFile(path, 'all the bytes of a song')
  return path
}
