import { describe, expect, it } from 'vitest'
import { localJob } from '../plan/refusal.ts'
import { createLocalJobs, filmOf } from './local-jobs.ts'
import { observing } from './observe/observing.ts'

const job = (film: string) => ['-noaccurate_seek', '-i', `/films/${film}`, '-codec:0', 'copy', 'out.ts']

function notebook(most?: number) {
  let atMs = 0
  const jobs = createLocalJobs(() => ++atMs, most)
  return { ...jobs, shown: () => jobs.last().map(({ title, code, times }) => [title, code, times]) }
}

describe('what was left to the media server', () => {
  it('is told with the film, the code, and why in words', () => {
    const { note, last } = notebook()
    note(job('Harvest (2019).mkv'), localJob('filter-value', 'scale=flags=lanczos').local)
    expect(last()).toEqual([
      {
        ...{ id: 'l1', title: 'Harvest (2019).mkv', code: 'filter-value', times: 1, atMs: 1 },
        reason: 'a filter with an argument that the plan does not model (scale=flags=lanczos)',
      },
    ])
  })

  it('is one row for the same film and reason, which moves to the end and keeps its id', () => {
    const { note, last, shown } = notebook()
    note(job('a.mkv'), localJob('remux').local)
    note(job('b.mkv'), localJob('remux').local)
    note(job('a.mkv'), localJob('remux').local)
    note(job('a.mkv'), localJob('live').local)
    expect(shown()).toEqual([
      ['b.mkv', 'remux', 1],
      ['a.mkv', 'remux', 2],
      ['a.mkv', 'live', 1],
    ])
    expect(last().map(({ id, atMs }) => [id, atMs])).toEqual([
      ['l2', 2],
      ['l1', 3],
      ['l4', 4],
    ])
  })

  it('keeps what somebody watches, however much a server does by itself meanwhile', () => {
    const { note, shown, counts } = notebook(3)
    note(job('watched.mkv'), localJob('copied-picture').local)
    for (let film = 0; film < 1_000; film += 1) note(job(`${film}.mkv`), localJob('images').local)
    expect(shown()).toEqual([
      ['watched.mkv', 'copied-picture', 1],
      ['999.mkv', 'images', 1_000],
    ])
    expect([...counts()]).toEqual([
      ['copied-picture', 1],
      ['images', 1_000],
    ])
  })

  it('is no more than the last few, and counted all the same', () => {
    const { note, shown, counts } = notebook(2)
    for (const film of ['a', 'b', 'c']) note(job(film), localJob('remux').local)
    expect(shown().map(([title]) => title)).toEqual(['b', 'c'])
    expect(counts().get('remux')).toBe(3)
  })

  it('has nothing of jobs that are only observed: those have a list of their own', () => {
    const { note, last, counts } = notebook()
    note(job('a.mkv'), observing)
    expect([last(), counts().size]).toEqual([[], 0])
  })

  it('names the head where it could not decide, so that labels stay few', () => {
    const { note, counts, last } = notebook()
    for (const told of ['the head did not decide in time', 'toString: x', '__proto__: y', '']) note([], told)
    expect([...counts()]).toEqual([['head', 4]])
    expect(last()).toMatchObject([{ title: '-', code: 'head', reason: '', times: 4 }])
  })

  it('has no endless titles and reasons', () => {
    const { note, last } = notebook()
    note(job('x'.repeat(5_000)), localJob('inputs', 'y'.repeat(5_000)).local)
    expect([last()[0]?.title.length, last()[0]?.reason.length]).toEqual([200, 500])
  })
})

describe('the film of a command line', () => {
  it.each([
    [['-i', '/films/a b.mkv'], 'a b.mkv'],
    [['-i', 'http://tuner.lan:5004/auto/v5?X-Plex-Token=secret&b=1'], 'v5?X-Plex-Token=***&b=1'],
    [['-i', 'http://user:secret@tuner.lan'], '***@tuner.lan'],
    [['-f', 'null'], '-'],
    [['-i'], '-'],
    [[], '-'],
  ])('%j is %s', (args, film) => expect(filmOf(args)).toBe(film))
})
