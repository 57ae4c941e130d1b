import { splitByteStream } from '../../container/mp4/nal-units.ts'
import {
  type ParameterSets,
  parameterSetsDiffer,
  parameterSetsOf,
} from '../../container/mp4/parameter-sets.ts'
import { readProgramMap } from '../../container/mpegts/tables.ts'
import { readAccessUnits } from '../../container/mpegts/units.ts'
import type { Plan } from '../../plan/plan.ts'

/** Why a segment's encoder does not fit to the session's; null when it does. */
export type EncoderLook = (part: string, bytes: Buffer) => string | null

/**
 * One init segment serves all of a session of DASH: its first segment of pictures to arrive settles the parameter sets, and one that
 * begins with others is refused, so that another node makes it. Transport streams carry their own and take any.
 */
export function createEncoderLook(plan: Plan): EncoderLook {
  let settled: ParameterSets | null = null
  return (part, bytes) => {
    if (plan.packaging.kind !== 'dash' || part !== 'video') return null
    const own = firstSets(bytes)
    if (!own) return 'its pictures begin without parameter sets'
    settled ??= own
    return parameterSetsDiffer(settled, own)
  }
}

function firstSets(bytes: Buffer): ParameterSets | null {
  const stream = readProgramMap(bytes)[0]
  const [first] = stream ? readAccessUnits(bytes, stream.pid) : []
  return first ? parameterSetsOf(splitByteStream(first.data)) : null
}
