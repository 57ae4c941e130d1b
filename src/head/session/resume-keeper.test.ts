import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DoorJob } from '../door/door-job.ts'
import type { ResumeList } from '../door/hands.ts'
import { createResumeKeeper, silenceMs } from './resume-keeper.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function job() {
  const left: { list: ResumeList; when: string; note?: string }[] = []
  const beats: number[] = []
  const release = new AbortController()
  const args = ['-i', '/a.mkv', '-segment_start_number', '0']
  const hands = {
    leaveResume: (list: ResumeList, when: string, note?: string) =>
      left.push({ list, when, ...(note !== undefined && { note }) }) > 0,
    beat: (silence: number) => beats.push(silence) > 0,
  }
  const made = { args, hands, released: release.signal } as unknown as DoorJob
  return { keeper: createResumeKeeper(made), left, beats, release: () => release.abort() }
}

describe('what the shim is told for the case that the head is lost', () => {
  it('is to begin anew, before anything is announced', () => {
    const { keeper, left } = job()
    keeper.begin()
    expect(left).toEqual([{ list: [], when: 'now' }])
    keeper.end()
  })

  it('is the note of the head before, too, where this one goes on: it may go before its first announcement', () => {
    const { keeper, left } = job()
    keeper.begin({ segment: 7, seconds: 21 }, 's-1 7')
    expect(left).toMatchObject([{ when: 'now', note: 's-1 7' }])
    keeper.end()
  })

  it('changes with each announcement, and ends with the last', () => {
    const { keeper, left } = job()
    keeper.announcing({ segment: 7, seconds: 21 })
    keeper.announcing(null)
    expect(left).toEqual([
      {
        list: [
          { kind: 'seek', argument: 0, value: '21' },
          { kind: 'value', argument: 3, value: '7' },
        ],
        when: 'with-next-request',
      },
      { list: 'over', when: 'with-next-request' },
    ])
  })

  it('is half the lead, from 1.5 s to 8 s', () => {
    expect([0, 2, 3, 5, 16, 60, Number.POSITIVE_INFINITY].map(silenceMs)).toEqual([
      1_500, 1_500, 1_500, 2_500, 8_000, 8_000, 8_000,
    ])
  })

  it('is said four times a second, with the lead as it is then', () => {
    const { keeper, beats } = job()
    keeper.begin()
    keeper.leadSeconds = () => 10
    vi.advanceTimersByTime(500)
    expect(beats).toEqual([1_500, 5_000, 5_000])
    keeper.end()
    vi.advanceTimersByTime(5_000)
    expect(beats).toHaveLength(3)
  })

  it('is said no more once the job is not the head’s', () => {
    const { keeper, beats, release } = job()
    keeper.begin()
    release()
    vi.advanceTimersByTime(5_000)
    expect(beats).toHaveLength(1)
  })
})
