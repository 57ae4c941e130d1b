import { expect } from 'vitest'
import { boundarySlot, frameCount, slotSeconds } from '../../src/media/timeline.ts'
import { type Plan, timestampOffsetSeconds } from '../../src/plan/plan.ts'
import { soundFrameSeconds } from '../../src/platforms/sound-lease.ts'
import { type Cuts, everySegment, type LeaseRunner, type MadeSession, uncut } from './lease-runner.ts'
import {
  backwardSteps,
  largestDifference,
  oddSteps,
  type Pictures,
  picturesOf,
  soundOf,
} from './seam-facts.ts'

/**
 * How far sound may lie from that of an uncut lease, as a share of full scale: the encoder's own noise, for its rate
 * control begins anew with each lease (up to 0.035 at 256 kbit/s). One sample too early or late is 0.04.
 */
export const codecNoise = 0.05

/** Sound that breaks off makes a noise of its own in the last frames, which hangs on the rate control even more. */
const brokenOffSeconds = 0.15

/** An uncut session, and what was read from it. */
export interface Uncut {
  readonly made: MadeSession
  readonly pictures: Pictures
}

/**
 * Makes a plan uncut and with its leases cut, at every segment unless told, and expects the same: every frame's number
 * and timestamp, what is in each segment, decoding times that rise, sound that steps by one frame and differs by its
 * encoder's noise only. Returns the uncut session.
 */
export async function expectSeamless(runner: LeaseRunner, plan: Plan, cuts?: Cuts): Promise<Uncut> {
  const every = everySegment(plan)
  const made = await runner.make(plan, uncut)
  const cut = await runner.make(plan, cuts ?? { video: every, audio: every })
  const pictures = await expectSamePictures(plan, made, cut)
  if (plan.audio) await expectSameSound(plan, made, cut)
  return { made, pictures }
}

async function expectSamePictures(plan: Plan, made: MadeSession, cut: MadeSession): Promise<Pictures> {
  const [expected, actual] = [await picturesOf(made), await picturesOf(cut)]
  expect(actual.frames).toEqual(expected.frames)
  expect(actual.segments).toEqual(expected.segments)
  expect(backwardSteps(actual.decodingTimes)).toEqual([])
  expect(actual.decodingTimes).toHaveLength(expected.decodingTimes.length)
  const offset = timestampOffsetSeconds(plan.packaging)
  for (const { segment, pictures, firstTicks } of actual.segments.slice(0, -1)) {
    expect(pictures, `pictures in segment ${segment}`).toBe(frameCount(plan.timeline, segment))
    const due = (slotSeconds(plan.timeline, boundarySlot(plan.timeline, segment)) + offset) * 90_000
    expect(Math.abs(firstTicks - due), `start of segment ${segment}`).toBeLessThanOrEqual(1)
  }
  const rows = ({ segments }: MadeSession) => segments.map(({ bytes: _, ...row }) => row)
  expect(rows(cut)).toEqual(rows(made))
  return actual
}

async function expectSameSound(plan: Plan, made: MadeSession, cut: MadeSession): Promise<void> {
  const [expected, actual] = [await soundOf(made), await soundOf(cut)]
  const ticks = soundFrameSeconds(plan.audio!.encoder) * 90_000
  expect(oddSteps(actual, ticks)).toEqual([])
  expect(actual.packets.map(({ pts }) => pts)).toEqual(expected.packets.map(({ pts }) => pts))
  expect(actual.samples.length).toBe(expected.samples.length)
  const seconds = actual.samples.length / actual.channels / actual.sampleRate
  expect(largestDifference(actual, expected, 0, seconds - brokenOffSeconds)).toBeLessThan(codecNoise)
}
