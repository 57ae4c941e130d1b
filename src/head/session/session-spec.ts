import {
  expectedEndSegment,
  knownEndSegment,
  segmentOfSlot,
  segmentSeconds,
  slotSeconds,
} from '../../media/timeline.ts'
import { type AudioPart, type Plan, soundFilesUpTo, soundTimeline } from '../../plan/plan.ts'
import { defaultPolicy, type SessionPart, type SessionPolicy, type SessionSpec } from '../../session/spec.ts'

export interface SessionSpecOptions {
  readonly plan: Plan
  readonly mode: 'stream' | 'file'
  readonly attemptPrefix: string
  /** How leases are dealt out; the usual way unless told. */
  readonly policy?: SessionPolicy
  /** See SessionSpec. */
  readonly reach?: SessionSpec['reach']
}

/** Sound with a grid of its own has files of its own. */
function ownFiles(plan: Plan): Pick<SessionPart, 'own'> {
  const grid = soundTimeline(plan)
  if (grid === plan.timeline) return {}
  return {
    own: {
      upTo: (segment) => soundFilesUpTo(plan, segment),
      fileSeconds: (file) => segmentSeconds(grid, file),
      expectedEnd: expectedEndSegment(grid),
    },
  }
}

/** The file of sound in which there is some for the first time. */
function firstHeard(plan: Plan, { firstSampleSeconds }: AudioPart): number {
  const grid = soundTimeline(plan)
  const slot = Math.ceil(firstSampleSeconds / slotSeconds(grid, 1))
  return slot <= grid.firstSlot ? grid.firstSegment : segmentOfSlot(grid, slot)
}

/** What the pure session is to make of a plan. */
export function sessionSpec(options: SessionSpecOptions): SessionSpec {
  const { plan, mode, attemptPrefix, policy = defaultPolicy } = options
  const seeking = plan.inputs[plan.video.source.input]?.seeking
  const inOnePiece = () => seeking?.verdict.kind === 'one-piece'
  const parts: SessionPart[] = [{ name: 'video', sticky: false, inOnePiece }]
  if (plan.audio) {
    parts.push({ name: 'audio', sticky: true, leastEnd: firstHeard(plan, plan.audio) + 1, ...ownFiles(plan) })
  }
  return {
    parts,
    firstSegment: plan.timeline.firstSegment,
    // Asked again and again: a source that is copied is read while the session runs.
    get expectedEndSegment() {
      return expectedEndSegment(plan.timeline)
    },
    knownEndSegment: () => knownEndSegment(plan.timeline),
    segmentSeconds: (segment: number) => segmentSeconds(plan.timeline, segment),
    ...(options.reach && { reach: options.reach }),
    mode,
    attemptPrefix,
    policy,
  }
}
