import type { PictureOperation } from '../plan/plan.ts'
import type { Capabilities } from './capabilities.ts'
import type { Chip, Depth } from './chip.ts'
import { compileRung } from './ladder.ts'
import type { ProofClip } from './proof-clips.ts'
import type { ExpectedPictures } from './proof-judge.ts'
import { measuredSegments, proofPlan, proofSegments, wantedEncoder } from './proof-plan.ts'
import { type RungName, rungs } from './rungs.ts'

/**
 * A command that has to be carried out, and what has to come of it. Proofs are derived from the tables of chips: what these
 * can put into a command is tried by the very command, with nothing claimed but what it is to prove, so that a new chip
 * needs nothing here.
 */
export interface Proof {
  /** In plain words. */
  readonly what: string
  readonly clip: ProofClip
  /** A lease's arguments, as a node's ffmpeg may be asked for them (allowed.ts). */
  readonly lease: readonly string[]
  /** What is run: the lease, or its front with small copies of its pictures at the end (lookInstead). */
  readonly args: readonly string[]
  /** Whether `args` writes small copies, or segments whose pictures another ffmpeg has to look at. */
  readonly writes: 'pictures' | 'segments'
  readonly expected: ExpectedPictures
}

/** Codes of ten bits, see ExpectedPictures. */
export const tolerances = {
  /** Only the small copies are rounded. */
  exact: 1.4,
  /** Scaled, or made less deep. */
  filtered: 6,
  /** What an encoder may lose of flat patches: six codes of eight bits. */
  encoded: 24,
} as const

/** What can be said of a chip before anything is proved. */
export function nothingProved(
  about: Pick<Capabilities, 'fingerprint' | 'ffmpeg' | 'renderNode'>,
): Capabilities {
  return { ...about, decoders: [], filters: [], encoders: [] }
}

/** A piece of work on one rung of a chip. */
export interface ProofWork {
  readonly chip: Chip
  /** What is claimed of it. */
  readonly capabilities: Capabilities
  readonly rung: RungName
  readonly clip: ProofClip
  readonly operations: readonly PictureOperation[]
  /** Of the pictures that are encoded. */
  readonly depth: Depth
  /** The one that a depth usually has, unless said. */
  readonly codec?: 'h264' | 'hevc'
  /** It goes on and on, so that its speed can be measured. */
  readonly measured?: boolean
}

/** The lease that does a piece of work; null where that cannot be done with what is claimed. */
export function proofLease(work: ProofWork): readonly string[] | null {
  const { chip, capabilities, clip, operations, depth, measured = false } = work
  const codec = work.codec ?? (depth === 10 ? 'hevc' : 'h264')
  const plan = proofPlan(clip, operations, wantedEncoder(codec, 'veryfast'), measured)
  const range = { from: 0, to: measured ? measuredSegments : proofSegments, open: false, failures: 0 }
  const rung = rungs.find(({ name }) => name === work.rung)!
  const lease = compileRung(chip, plan, range, capabilities, rung)
  return 'args' in lease ? lease.args : null
}
