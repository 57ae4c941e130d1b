import type { Plan, VideoPart } from '../plan/plan.ts'

/**
 * What a lease asks of a node's hardware and drivers, as far as one that fails at it may well fail again: platform,
 * decoder, picture operations and encoder, not their sizes. It is its own name for people:
 * `software: hevc 10-bit, scale, tone-map to h264`. Where a platform has several ways, each of them is a kind of its own:
 * `nvidia:full: hevc 10-bit to h264`.
 */
export function kindOfWork(plan: Plan, part: string, platform: string, rung?: string): string {
  return `${rung === undefined ? platform : `${platform}:${rung}`}: ${part === 'video' ? pictureWork(plan.video) : soundWork(plan)}`
}

/** The platform that a kind of work begins with. */
export function platformOfWork(work: string): string {
  return work.slice(0, work.indexOf(':'))
}

function pictureWork({ encoder, decoded, operations }: VideoPart): string {
  if (encoder.codec === 'copy') return `${encoder.source} copied`
  const source = decoded ? `${decoded.codec} ${decoded.bits}-bit` : 'any source'
  // Which pixel format is said at the end follows from the encoder.
  const done = operations.map(({ kind }) => kind).filter((kind) => kind !== 'format')
  return `${[source, ...new Set(done)].join(', ')} to ${encoder.codec}`
}

function soundWork({ audio }: Plan): string {
  return `sound to ${audio?.encoder.codec ?? 'nothing'}`
}
