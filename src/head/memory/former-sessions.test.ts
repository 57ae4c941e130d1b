import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EndedReport } from '../../cluster/messages.ts'
import { createStaging } from '../data/staging.ts'
import { eventually } from '../testing/eventually.ts'
import { type FormerSessions, type FormerSessionsOptions, openFormerSessions } from './former-sessions.ts'
import type { CrewMemory, StandMemory } from './memory-files.ts'
import { openSessionMemory } from './session-memory.ts'

let folder: string
let former: FormerSessions | undefined
const clock = { boot: 'this run', seconds: () => 100 }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-former-'))
})
afterEach(async () => {
  await former?.close()
  former = undefined
  await rm(folder, { recursive: true, force: true })
})

const lease = { attempt: 'a-1', node: 'node-1', from: 3, to: 9, until: 9, cut: false }
const crew: CrewMemory = {
  platforms: ['software'],
  look: 'libx264',
  ways: { 'a-1': { platform: 'software' } },
  parts: [
    { name: 'video', bound: null, wholeThoughShort: [], leases: [lease] },
    { name: 'audio', bound: 20, wholeThoughShort: [19], leases: [] },
  ],
}
const stand = (next: number): Omit<StandMemory, 'atSeconds'> => ({
  ...{ next, publishedSeconds: next * 2, leadSeconds: 9 },
  maker: { nextSoundFile: next + 1, assembly: { waiting: [Buffer.from('sound')] } },
  look: null,
  publisher: {
    announcer: { list: [] },
    reporter: {
      history: {
        reports: 1,
        atMilliseconds: 0,
        positionSeconds: 0,
        expectedSeconds: null,
        throttledAtSeconds: null,
      },
      throttled: false,
      copied: false,
    },
  },
  tally: { frames: 50 * next, publishedSegments: next, publishedUntilSeconds: next * 2 },
})

/** What a head that is gone has left of a session with all before `next` announced. */
async function leave(
  id: string,
  next: number,
  mark: { release?: string; boot?: string } = {},
): Promise<string> {
  const own = join(folder, id)
  const memory = openSessionMemory({
    ...{ id, folder: own, crew: () => crew, clock: { seconds: () => 96 } },
    mark: { release: '1.0.0', boot: 'this run', job: 'the job', plan: 'the plan', demand: 0.5, ...mark },
    onTrouble: (error) => {
      throw error
    },
  })
  memory.crewChanged()
  const staging = createStaging(own)
  await staging.put('video', next - 1, Buffer.from('announced'))
  await staging.put('video', next, Buffer.from('picture'))
  await staging.put('video', next + 3, Buffer.from('half'), { isShort: true })
  await staging.put('audio', next + 1, Buffer.from('sound'))
  let note: string | null = null
  for (let at = next - 2; at <= next; at++) note = await memory.announcing(stand(at))
  await eventually(async () => (await readdir(own)).includes('crew'))
  await memory.close()
  return note!
}

async function open(more: Partial<FormerSessionsOptions> = {}): Promise<FormerSessions> {
  former = await openFormerSessions({ folder, release: '1.0.0', clock, ...more })
  return former
}

const report: EndedReport = {
  ...{ type: 'ended', node: 'node-1', attempt: 'a-1' },
  ...{ outcome: 'clean', next: 9, exitCode: 0, stderr: '' },
}

describe('a session of a head that is gone', () => {
  it('is given to the job whose shim shows its note, as it stood when that was left', async () => {
    const note = await leave('s-1', 5)
    const session = await (await open()).take(note, 'the job')
    expect(session).toMatchObject({ id: 's-1', plan: 'the plan', look: 'libx264' })
    expect(session?.stand).toMatchObject({ ...stand(5), atSeconds: 96 })
    expect((await session!.staging.get('video', 5)).toString()).toBe('picture')
  })

  it('goes on from there: what is stored and not announced, who works on it, and a lead that has shrunk', async () => {
    const note = await leave('s-1', 5)
    const { goingOn } = (await (await open()).take(note, 'the job'))!
    expect(goingOn).toEqual({
      ...{ next: 5, publishedSeconds: 10, leadSeconds: 5 },
      parts: [
        { ...crew.parts[0], floor: 5, whole: [5], short: [8] },
        { ...crew.parts[1], floor: 6, whole: [6], short: [] },
      ],
    })
  })

  it('can be gone on with from before its last announcement, which may not have been sent', async () => {
    await leave('s-1', 5)
    const session = await (await open()).take('s-1 4', 'the job')
    expect(session?.goingOn.next).toBe(4)
    expect(session?.goingOn.parts[0]?.whole).toEqual([4, 5])
  })

  it.each([
    ['a note of another session', 's-2 5', 'the job'],
    ['a note that is none', '../s-1', 'the job'],
    ['another job', 's-1 5', 'another job'],
    ['a stand that is long past', 's-1 3', 'the job'],
  ])('is not given for %s', async (_, note, job) => {
    await leave('s-1', 5)
    expect(await (await open()).take(note, job)).toBeNull()
  })

  it('is given once', async () => {
    const note = await leave('s-1', 5)
    const sessions = await open()
    expect(await sessions.take(note, 'the job')).not.toBeNull()
    expect(await sessions.take(note, 'the job')).toBeNull()
  })

  it.each([{ release: '0.9.0' }, { boot: 'another run' }])('is removed when it is of %o', async (mark) => {
    await leave('s-1', 5, mark)
    await open()
    expect(await readdir(folder)).toEqual([])
  })

  it('is removed when nobody comes for it', async () => {
    const note = await leave('s-1', 5)
    const forgotten: number[] = []
    const sessions = await open({ patienceMs: 50, onForgotten: (count) => forgotten.push(count) })
    // A head may take long to start; until its door is open nobody could have come.
    await new Promise((passed) => setTimeout(passed, 150))
    expect(forgotten).toEqual([])
    sessions.doorIsOpen()
    await eventually(async () => (await readdir(folder)).length === 0)
    expect(forgotten).toEqual([1])
    expect(await sessions.take(note, 'the job')).toBeNull()
  })

  it('stays when somebody has come for it', async () => {
    const note = await leave('s-1', 5)
    const sessions = await open()
    const session = await sessions.take(note, 'the job')
    await sessions.close()
    expect(session?.staging.has('video', 5)).toBe(true)
    expect(await readdir(folder)).toEqual(['s-1'])
  })

  it('leaves nothing when it is discarded', async () => {
    const note = await leave('s-1', 5)
    const session = await (await open()).take(note, 'the job')
    await session?.discard()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('room for such a session', () => {
  const room = [{ platforms: ['software'], demand: 0.5 }]

  it('is kept until somebody carries it on', async () => {
    const note = await leave('s-1', 5)
    const sessions = await open()
    expect(sessions.demands()).toEqual(room)
    const session = await sessions.take(note, 'the job')
    expect(sessions.demands()).toEqual(room)
    session?.adopt()
    expect(sessions.demands()).toEqual([])
  })

  it('is kept no longer when nobody comes for it', async () => {
    await leave('s-1', 5)
    const sessions = await open({ patienceMs: 0 })
    sessions.doorIsOpen()
    await eventually(() => sessions.demands().length === 0)
  })
})

describe('leases of such a session', () => {
  it('are held for their own node, until somebody carries them again', async () => {
    const note = await leave('s-1', 5)
    const sessions = await open()
    expect(sessions.holds('a-1', 'node-1')).toBe(true)
    expect(sessions.holds('a-1', 'node-2')).toBe(false)
    expect(sessions.holds('a-2', 'node-1')).toBe(false)
    const session = await sessions.take(note, 'the job')
    expect(sessions.holds('a-1', 'node-1')).toBe(true)
    session?.adopt()
    expect(sessions.holds('a-1', 'node-1')).toBe(false)
  })

  it('may be reported as ended meanwhile, once each, and nobody else’s', async () => {
    const note = await leave('s-1', 5)
    const sessions = await open()
    expect(sessions.keep(report)).toBe(true)
    expect(sessions.keep(report)).toBe(true)
    expect(sessions.keep({ ...report, node: 'node-2' })).toBe(false)
    const session = await sessions.take(note, 'the job')
    expect(sessions.keep({ ...report, attempt: 'a-1' })).toBe(true)
    expect(session?.adopt()).toEqual([report])
  })

  it('are not held of a session whose files cannot be read any more', async () => {
    const note = await leave('s-1', 5)
    const sessions = await open()
    // It bears the name of a segment, and leads nowhere.
    await symlink(join(folder, 'nowhere'), join(folder, 's-1', 'video-7.9'))
    await expect(sessions.take(note, 'the job')).rejects.toThrow('ENOENT')
    expect(sessions.holds('a-1', 'node-1')).toBe(false)
    expect(await readdir(folder)).toEqual([])
  })

  it('are not held of a session that cannot be gone on with', async () => {
    await leave('s-1', 5)
    const sessions = await open()
    await sessions.take('s-1 3', 'the job')
    expect(sessions.holds('a-1', 'node-1')).toBe(false)
  })
})
