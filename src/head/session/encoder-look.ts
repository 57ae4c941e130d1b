import { splitByteStream } from '../../container/mp4/nal-units.ts'
import {
  type ParameterSets,
  parameterSetsDiffer,
  parameterSetsOf,
} from '../../container/mp4/parameter-sets.ts'
import { pictureCodec } from '../../container/mp4/picture-codec.ts'
import { readProgramMap } from '../../container/mpegts/tables.ts'
import { readAccessUnits } from '../../container/mpegts/units.ts'
import type { Plan } from '../../plan/plan.ts'

/**
 * One init segment serves all of a session of DASH, one header all Matroska segments, one sample entry a whole file: the
 * first segment of pictures that is kept settles the parameter sets, and one that begins with others is refused, so
 * that another node makes it. Transport streams carry their own and take any.
 */
export interface EncoderLook {
  /** Why a segment's encoder does not fit to the session's; null when it does, or nothing is settled yet. */
  difference(part: string, bytes: Buffer): string | null
  /** The same for a segment that is being kept: where nothing was settled, it is now. */
  settle(part: string, bytes: Buffer): string | null
  /** What is settled. */
  readonly settled: ParameterSets | null
}

/** @param before what was settled by another head. */
export function createEncoderLook(plan: Plan, before: ParameterSets | null = null): EncoderLook {
  let settled = before
  const look = (part: string, bytes: Buffer, settles: boolean): string | null => {
    if (plan.packaging.kind === 'mpegts' || part !== 'video') return null
    const own = firstSets(bytes)
    if (!own) return 'its pictures begin without parameter sets'
    if (settles) settled ??= own
    return settled && parameterSetsDiffer(settled, own)
  }
  return {
    get settled() {
      return settled
    },
    difference: (part, bytes) => look(part, bytes, false),
    settle: (part, bytes) => look(part, bytes, true),
  }
}

function firstSets(bytes: Buffer): ParameterSets | null {
  const stream = readProgramMap(bytes)[0]
  const [first] = stream ? readAccessUnits(bytes, stream.pid) : []
  return first ? parameterSetsOf(splitByteStream(first.data), pictureCodec(stream!.streamType).units) : null
}
