import type { Plan } from '../../plan/plan.ts'
import type { Verdict } from '../data/lease-book.ts'
import type { StagedPiece, Staging } from '../data/staging.ts'
import type { EncoderLook } from './encoder-look.ts'
import type { CarriedLease, LeaseCarrier } from './lease-carrier.ts'
import type { LeaseTrust } from './lease-trust.ts'
import { judgeSegment } from './segment-facts.ts'
import type { SessionTally } from './tally.ts'

/** What becomes of segments that nodes deliver, until the session hears of them. */
export interface SegmentArrivals {
  /** See LeaseOwner. */
  store(attempt: string, segment: number, bytes: Buffer): Promise<string | null>
}

export interface SegmentArrivalsOptions {
  readonly plan: Plan
  readonly staging: Staging
  readonly carrier: Pick<LeaseCarrier, 'lease'>
  readonly look: EncoderLook
  readonly tally: SessionTally
  /** Whether the session wants it, as it is now. */
  readonly verdict: (attempt: string, segment: number) => Verdict
  /** It is stored, and counts from this turn on. */
  readonly onKept: (arrived: { attempt: string; segment: number; short: boolean }) => void
  /** See LiveSessionOptions. */
  readonly onFull: (isFull: boolean) => void
  readonly onArrived?: (lease: CarriedLease, segment: number) => void
  readonly handled?: (bytes: number) => void
  readonly trust?: Pick<LeaseTrust, 'made' | 'refused'> | undefined
  /** The disk has another fault than being full. */
  readonly onBroken: (error: Error) => void
}

const noRoom = "E_DISK_FULL: no room for segments in the head's data folder"

export function createSegmentArrivals(options: SegmentArrivalsOptions): SegmentArrivals {
  const { plan, staging, carrier, look, tally, trust } = options

  /** A full disk may have room again, and the node tries again; with any other fault of it the session ends. */
  const stage = async (piece: StagedPiece, bytes: Buffer, isWanted: () => boolean): Promise<boolean> => {
    const { part, segment, isShort } = piece
    try {
      const isKept = await staging.put(part, segment, bytes, { isWanted, isShort })
      if (tally.goesOn(noRoom)) options.onFull(false)
      return isKept
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOSPC' && code !== 'EDQUOT') options.onBroken(error as Error)
      else if (tally.waits(noRoom)) options.onFull(true)
      throw error
    }
  }

  return {
    async store(attempt, segment, bytes) {
      const lease = carrier.lease(attempt)
      if (!lease) return 'the lease is over'
      const judged = judgeSegment(plan, lease.part, segment, bytes)
      if (!judged.ok) {
        trust?.refused(lease, segment, judged.why, false)
        return judged.why
      }
      let difference = look.difference(lease.part, bytes)
      if (difference !== null) {
        trust?.refused(lease, segment, difference, true)
        return difference
      }
      // It may have been cut, or the other copy may have come, while the bytes were on their way.
      const isWanted = () => options.verdict(attempt, segment) === 'accept'
      const isKept = () => {
        if (!isWanted()) return false
        difference = look.settle(lease.part, bytes)
        return difference === null
      }
      const piece = { part: lease.part, segment, isShort: judged.short }
      if (!isWanted() || !(await stage(piece, bytes, isKept))) {
        if (difference !== null) trust?.refused(lease, segment, difference, true)
        return difference
      }
      options.handled?.(bytes.length)
      tally.arrived(lease, segment)
      options.onArrived?.(lease, segment)
      options.onKept({ attempt, segment, short: judged.short })
      trust?.made(lease, segment)
      return null
    },
  }
}
