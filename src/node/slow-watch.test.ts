import { describe, expect, it } from 'vitest'
import { SlowJudge } from './slow-watch.ts'

/** Looks with so many pictures from one to the next. */
function looks(judge: SlowJudge, count: number, step: number, from = 1, waits = false): (number | null)[] {
  return Array.from({ length: count }, (_, index) => judge.look({ frames: from + index * step, waits }))
}

describe('an ffmpeg that has to make 20 pictures a second', () => {
  it('is too slow when it has made fewer over four seconds', () => {
    const seen = looks(new SlowJudge(20), 9, 5)
    expect(seen.slice(0, 8).every((speed) => speed === null)).toBe(true)
    expect(seen[8]).toBe(10)
  })

  it('is fast enough with as many, however long it runs', () => {
    expect(looks(new SlowJudge(20), 100, 10).every((speed) => speed === null)).toBe(true)
  })

  it('is not judged by the time before its first picture', () => {
    const judge = new SlowJudge(20)
    expect(looks(judge, 60, 0, 0).every((speed) => speed === null)).toBe(true)
    expect(looks(judge, 30, 10).every((speed) => speed === null)).toBe(true)
  })

  it('is not judged while it waits, nor by the half second in which it began or ceased to', () => {
    const judge = new SlowJudge(20)
    for (let round = 0; round < 20; round += 1) {
      expect(looks(judge, 3, 0, 100, true).every((speed) => speed === null)).toBe(true)
      expect(looks(judge, 1, 0, 100).every((speed) => speed === null)).toBe(true)
    }
    expect(looks(judge, 9, 1, 100).some((speed) => speed !== null)).toBe(true)
  })

  it('that stands still has twice the time, in which it is found to hang if it does', () => {
    const seen = looks(new SlowJudge(20), 17, 0, 100)
    expect(seen.slice(0, 16).every((speed) => speed === null)).toBe(true)
    expect(seen[16]).toBe(0)
  })

  it('becomes too slow in the middle', () => {
    const judge = new SlowJudge(20)
    looks(judge, 17, 10)
    const seen = looks(judge, 9, 2, 161)
    expect(seen.find((speed) => speed !== null)).toBeLessThan(20)
  })
})
