import { type Packaging, timestampOffsetSeconds } from '../plan/plan.ts'
import type { Muxing } from './lease-arguments.ts'

/**
 * One frame in each PES packet, so that the head can tell which segment each belongs to: the muxer collects small
 * frames (its least pes_payload_size is 170 bytes) unless max_delay is 0, which then moves no timestamps either.
 */
export function singleFrames(packaging: Packaging): Muxing {
  return {
    maxDelayMicroseconds: 0,
    outputOffsetSeconds: timestampOffsetSeconds(packaging),
    more: ':pes_payload_size=0',
  }
}
