import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Mpd, type MpdSegment, printMpd } from './mpd.ts'

const mpd: Mpd = {
  pictures: {
    ...{ codecs: 'avc1.64001e', bandwidth: 8112, timescale: 15360, language: 'eng', startNumber: 1 },
    ...{ segments: [{ start: 0, duration: 122880 }], frameRate: { num: 30, den: 1 } },
    ...{ size: { width: 720, height: 404 }, sampleAspectRatio: { width: 1, height: 1 } },
  },
  sound: {
    ...{ codecs: 'mp4a.40.2', bandwidth: 162000, timescale: 48000, language: 'eng', startNumber: 1 },
    ...{ segments: [{ start: -1024, duration: 381952 }], samplingRate: 48000, channels: 2 },
  },
  ...{ initName: 'i$RepresentationID$.m4s', mediaName: 'c$RepresentationID$-$Number%05d$.m4s' },
  ...{ segmentSeconds: 8, lastSegmentSeconds: 8, windowSize: 5, totalSeconds: 8 },
  live: {
    startMilliseconds: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    nowMilliseconds: Date.UTC(2026, 0, 2, 3, 4, 6),
  },
}

const withSegments = (segments: readonly MpdSegment[]): Mpd => ({
  ...mpd,
  pictures: { ...mpd.pictures, segments },
  sound: null,
})
const rowsOf = (text: string): string[] => Array.from(text.matchAll(/<S ([^/]*) \/>/g), ([, row]) => row!)

describe('the manifest', () => {
  it('of a job that runs says when it began and when to come back', () => {
    const text = printMpd(mpd)
    expect(text).toContain(
      '\ttype="dynamic"\n\tminimumUpdatePeriod="PT8S"\n\tsuggestedPresentationDelay="PT8S"\n',
    )
    expect(text).toContain('\tavailabilityStartTime="2026-01-02T03:04:05.006Z"\n')
    expect(text).toContain('\tpublishTime="2026-01-02T03:04:06.000Z"\n\ttimeShiftBufferDepth="PT40.0S"\n')
    expect(text).not.toContain('mediaPresentationDuration')
  })
  it('of a job that is done says how long it is', () => {
    const text = printMpd({ ...mpd, live: null, totalSeconds: 3723.99 })
    expect(text).toContain(
      '\ttype="static"\n\tmediaPresentationDuration="PT1H2M3.9S"\n\tmaxSegmentDuration="PT8.0S"\n',
    )
    expect(text).not.toContain('availabilityStartTime')
  })
  it.each([
    [1.1, 'PT1.1S'],
    [59.999, 'PT59.9S'],
    [60, 'PT1M0.0S'],
    [362.7666, 'PT6M2.7S'],
    [3600, 'PT1H0M0.0S'],
  ])('writes %d s as %s', (totalSeconds, text) => {
    expect(printMpd({ ...mpd, live: null, totalSeconds })).toContain(`mediaPresentationDuration="${text}"`)
  })
  it('lists no sound where there is none', () => {
    expect(printMpd({ ...mpd, sound: null })).not.toContain('audio')
  })
  it('says nothing of a window where everything is listed', () => {
    expect(printMpd({ ...mpd, windowSize: 0 })).not.toContain('timeShiftBufferDepth')
  })
  it('leaves out what is not known', () => {
    const { language, ...pictures } = mpd.pictures
    const text = printMpd({ ...mpd, sound: null, pictures: { ...pictures, bandwidth: null } })
    expect(text).not.toContain('bandwidth')
    expect(text).not.toContain('lang=')
  })
  it('gives the shape of wide samples', () => {
    const size = { width: 720, height: 576 }
    const pictures = { ...mpd.pictures, size, sampleAspectRatio: { width: 64, height: 45 } }
    const text = printMpd({ ...mpd, pictures })
    expect(text).toContain(' maxWidth="720" maxHeight="576" par="16:9"')
    expect(text).toContain(' width="720" height="576" sar="64:45">')
  })
  it('cannot be broken out of by a name', () => {
    const text = printMpd({ ...mpd, pictures: { ...mpd.pictures, language: '"><&' } })
    expect(text).toContain('lang="&quot;>&lt;&amp;"')
  })
})

describe('the timeline', () => {
  it('counts what lies before 0 as cut away', () => {
    expect(rowsOf(printMpd(mpd))).toEqual(['t="0" d="122880"', 't="0" d="380928"'])
  })
  it('puts segments of one length into one row', () => {
    const segments = [0, 10, 20, 30].map((start) => ({ start: 100 + start, duration: start < 30 ? 10 : 4 }))
    expect(rowsOf(printMpd(withSegments(segments)))).toEqual(['t="100" d="10" r="2"', 'd="4"'])
  })
  it('names the time again after a gap', () => {
    const segments = [
      { start: 0, duration: 10 },
      { start: 11, duration: 10 },
    ]
    expect(rowsOf(printMpd(withSegments(segments)))).toEqual(['t="0" d="10"', 't="11" d="10"'])
  })
  it('is read back as it was, whatever the segments', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 5), fc.constantFrom(10, 10, 7)), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(steps, (parts) => {
        let time = 40
        const segments = parts.map(([gap, duration]) => {
          const start = time + gap
          time = start + duration
          return { start, duration }
        })
        let at = 0
        const read = rowsOf(printMpd(withSegments(segments))).flatMap((row) => {
          const value = (name: string) => new RegExp(`(?:^| )${name}="(\\d+)"`).exec(row)?.[1]
          at = Number(value('t') ?? at)
          const duration = Number(value('d'))
          return Array.from({ length: Number(value('r') ?? 0) + 1 }, () => {
            at += duration
            return { start: at - duration, duration }
          })
        })
        expect(read).toEqual(segments)
      }),
    )
  })
})
