import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ObservedJob, openObservedLog } from './observed-log.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-observed-'))
})
afterEach(() => rm(folder, { recursive: true }))

const job = (title: string): ObservedJob => ({
  ...{ at: '2026-01-01T00:00:00.000Z', title, decision: 'local', reason: 'live: a tuner' },
  ...{ nodes: [], speed: null, basis: null, watts: null },
})

const titles = (jobs: readonly ObservedJob[]) => jobs.map(({ title }) => title)

describe('what was observed', () => {
  it('is there after a restart, the last ones that are asked for', async () => {
    const log = openObservedLog(folder)
    await Promise.all(['a', 'b', 'c'].map((title) => log.add(job(title))))
    const again = openObservedLog(folder)
    expect(await again.last(10)).toEqual(['a', 'b', 'c'].map(job))
    expect(titles(await again.last(2))).toEqual(['b', 'c'])
  })

  it('is nothing at first', async () => {
    expect(await openObservedLog(folder).last(10)).toEqual([])
  })

  it('takes no more than two files of a given size, and the newest are kept', async () => {
    const log = openObservedLog(folder, 1_000)
    for (let n = 0; n < 100; n++) await log.add(job(`film ${n}`))
    const kept = titles(await log.last(1_000))
    expect(kept.at(-1)).toBe('film 99')
    expect(kept).toEqual(Array.from(kept, (_, index) => `film ${100 - kept.length + index}`))
    const sizes = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))))
    expect(sizes).toHaveLength(2)
    for (const { size } of sizes) expect(size).toBeLessThan(1_300)
  })

  it('is read by its owner only, and outlives a line that the power cut short', async () => {
    const log = openObservedLog(folder)
    await log.add(job('whole'))
    await appendFile(join(folder, 'observed.jsonl'), '{"at":"2026\n{"of":"another release"}\n')
    await log.add(job('after'))
    expect(titles(await log.last(10))).toEqual(['whole', 'after'])
    expect((await stat(join(folder, 'observed.jsonl'))).mode & 0o777).toBe(0o600)
  })

  it('goes on after what could not be written', async () => {
    const log = openObservedLog(join(folder, 'gone'))
    await expect(log.add(job('a'))).rejects.toThrow('ENOENT')
    expect(await log.last(1)).toEqual([])
  })
})
