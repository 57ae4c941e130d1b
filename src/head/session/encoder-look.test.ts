import { describe, expect, it } from 'vitest'
import { sampleWish, writeSequence } from '../../container/mp4/testing/sample-sequence.ts'
import { sampleVideoSegment } from '../../container/mpegts/testing/sample-segment.ts'
import type { Plan } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { createEncoderLook } from './encoder-look.ts'

const dash: Plan = { ...samplePlan, packaging: { kind: 'dash' } }
const startCode = Buffer.from([0, 0, 0, 1])
const pictureSet = Buffer.from([0x68, 0xef])
const slice = Buffer.from([0x65, 0x88])

/** A segment of one picture whose encoder has this level. */
function segmentOf(level: number | null): Buffer {
  const sets = level === null ? [] : [writeSequence({ ...sampleWish, level }), pictureSet]
  const data = Buffer.concat([...sets, slice].flatMap((unit) => [startCode, unit]))
  return sampleVideoSegment([{ pts: 900_000, dts: 900_000, data }])
}

describe('the look of a session’s encoders', () => {
  it('is that of the first segment to be kept, and others have to be alike', () => {
    const look = createEncoderLook(dash)
    expect(look.settle('video', segmentOf(31))).toBeNull()
    expect(look.settle('video', segmentOf(40))).toMatch(
      /^sequence parameter set 67.* where the session has 67/,
    )
    expect(look.difference('video', segmentOf(40))).toMatch(/^sequence parameter set 67/)
    expect(look.difference('video', segmentOf(31))).toBeNull()
  })
  it('is not that of a segment that was only looked at', () => {
    const look = createEncoderLook(dash)
    expect(look.difference('video', segmentOf(40))).toBeNull()
    expect(look.settle('video', segmentOf(31))).toBeNull()
    expect(look.difference('video', segmentOf(40))).not.toBeNull()
  })
  it('is no matter for transport streams, and not for sound', () => {
    const transport = createEncoderLook(samplePlan)
    const levels = [31, 40, null]
    expect(levels.map((level) => transport.settle('video', segmentOf(level)))).toEqual([null, null, null])
    expect(createEncoderLook(dash).settle('audio', segmentOf(null))).toBeNull()
  })
  it('is missing where pictures begin without parameter sets', () => {
    const missing = 'its pictures begin without parameter sets'
    expect(createEncoderLook(dash).difference('video', segmentOf(null))).toBe(missing)
  })
})
