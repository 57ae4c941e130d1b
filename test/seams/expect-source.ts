import { expect } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { expectSeamless } from './expect-seamless.ts'
import { jobPlan } from './job-plan.ts'
import type { LeaseRunner } from './lease-runner.ts'
import { outputRate, type Source } from './matrix.ts'

const seconds = 6

/** A job from the start with a cut at every segment, and one that begins in mid-GOP and is cut and killed. */
export async function expectSeamlessSource(runner: LeaseRunner, source: Source): Promise<void> {
  const path = await makeClip({ ...source, seconds })
  const rate = outputRate(source)
  const { pictures } = await expectSeamless(runner, await jobPlan({ path, rate }))
  if (source.rate !== 'variable') expectOnce(pictures.frames)

  const plan = await jobPlan({ path, rate, seek: '2.37', firstSegment: 3 })
  const from = plan.timeline.firstSegment
  await expectSeamless(runner, plan, { video: [from + 1, from + 2], audio: [from + 2], end: 'killed' })
}

/** At the source's own rate each frame is there once; only the first may be shown for the slot before it as well. */
function expectOnce(frames: readonly string[]): void {
  const numbers = frames.map((frame) => Number.parseInt(frame, 10))
  const steps = numbers.slice(2).map((number, index) => number - numbers[index + 1]!)
  expect(new Set(steps)).toEqual(new Set([1]))
  expect(numbers[0]).toBe(0)
}
