import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextProgress, noReports, type ProgressMoment } from './progress-report.ts'

/** Queries of reports half a second apart at these positions of a title of 100 s. */
function reports(
  positions: readonly (number | ['throttled', number])[],
  durationSeconds: number | null = 100,
): string[] {
  let history = noReports
  return positions.map((position, index) => {
    const throttled = typeof position !== 'number'
    const positionSeconds = throttled ? position[1] : position
    const next = nextProgress(
      history,
      { nowMilliseconds: 7000 + index * 500, positionSeconds, throttled, sizeBytes: null },
      durationSeconds,
    )
    history = next.history
    return next.query
  })
}

describe('progress reports', () => {
  it('begin at zero with nothing known', () => {
    expect(reports([3])).toEqual(['progress=0.0&size=-1&remaining=-1&speed=0.0&vdec_hw_status=0'])
  })

  it('say the share of the title, the speed since the last one, and what remains from the third on', () => {
    expect(reports([0, 2, 5, 7])).toEqual([
      'progress=0.0&size=-1&remaining=-1&speed=0.0&vdec_hw_status=0',
      'progress=2.0&size=-1&remaining=-1&speed=4.0&vdec_hw_status=0',
      // (98 / 4 + 95 / 6) / 2 = 20.2, then (95 / 6 + 93 / 4) / 2 = 19.5
      'progress=5.0&size=-1&remaining=20&speed=6.0&vdec_hw_status=0',
      'progress=7.0&size=-1&remaining=19&speed=4.0&vdec_hw_status=0',
    ])
  })

  it('keep the last estimate while nothing moves', () => {
    expect(reports([0, 2, 5, 5]).at(-1)).toBe('progress=5.0&size=-1&remaining=15&speed=0.0&vdec_hw_status=0')
  })

  it('hold a position that goes back', () => {
    expect(reports([0, 5, 3]).at(-1)).toContain('progress=5.0&')
  })

  it('have no speed while throttled, and less than one point of progress', () => {
    const queries = reports([0, 10, ['throttled', 10.2], ['throttled', 30], ['throttled', 40], 41])
    expect(queries.slice(2, 5).map((query) => query.replace(/remaining=\d+/, 'remaining=N'))).toEqual([
      'progress=10.2&size=-1&remaining=N&vdec_hw_status=0',
      'progress=10.9&size=-1&remaining=N&vdec_hw_status=0',
      'progress=10.9&size=-1&remaining=N&vdec_hw_status=0',
    ])
    expect(queries.at(-1)).toMatch(/^progress=41.0&.*&speed=/)
  })

  it('count the point from the report that was answered with the throttle each time anew', () => {
    const queries = reports([0, 10, ['throttled', 20], 20, ['throttled', 40]])
    expect(queries.map((query) => query.split('&')[0])).toEqual([
      'progress=0.0',
      'progress=10.0',
      'progress=10.9',
      'progress=20.0',
      'progress=20.9',
    ])
  })

  it('know no share and no end of a title of unknown length', () => {
    expect(reports([0, 4, 8], null).at(-1)).toBe(
      'progress=0.0&size=-1&remaining=-1&speed=8.0&vdec_hw_status=0',
    )
    expect(reports([0, 4, 8], 0).at(-1)).toContain('progress=0.0&')
  })

  it('never say more than all of it', () => {
    expect(reports([0, 120]).at(-1)).toContain('progress=100.0&')
  })

  it('say how long the file is where the job makes one', () => {
    const moment = { nowMilliseconds: 0, positionSeconds: 0, throttled: false, sizeBytes: 54_152 }
    expect(nextProgress(noReports, moment, 10).query).toMatch(/^progress=0\.0&size=54152&/)
  })

  it('never go back and always have a whole number of seconds, whatever the job does', () => {
    const moment = fc.record({
      nowMilliseconds: fc.nat(),
      positionSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      throttled: fc.boolean(),
      sizeBytes: fc.option(fc.nat()),
    })
    fc.assert(
      fc.property(fc.array(moment), fc.option(fc.integer({ min: 1, max: 100000 })), (moments, duration) => {
        let history = noReports
        let before = -1
        let now = 0
        for (const { nowMilliseconds, ...rest } of moments) {
          now += nowMilliseconds % 3000
          const next = nextProgress(
            history,
            { ...rest, nowMilliseconds: now } satisfies ProgressMoment,
            duration,
          )
          history = next.history
          const match =
            /^progress=(\d+\.\d)&size=(?:-1|\d+)&remaining=(-1|\d+)(&speed=\d+\.\d)?&vdec_hw_status=0$/.exec(
              next.query,
            )
          expect(match, next.query).not.toBeNull()
          expect(Number(match?.[1])).toBeGreaterThanOrEqual(before)
          expect(match?.[3] === undefined).toBe(rest.throttled)
          before = Number(match?.[1])
        }
      }),
    )
  })
})
