import type { Coverage } from './coverage.ts'

/**
 * Where a part ends. Each lease whose process ended by itself before its `to` says that there is nothing at or
 * after some segment; the least of them is an upper bound, and the end once everything below it is whole.
 */
export interface EndOfInput {
  bound: number | null
}

/**
 * Takes an observation that there is nothing at or after `segment`. Answers false, and keeps the old bound, when
 * segments at or after it are already whole: then the lease that said so is wrong.
 */
export function observeEnd(end: EndOfInput, coverage: Coverage, segment: number): boolean {
  if (segment < coverage.top) return false
  end.bound = Math.min(end.bound ?? segment, segment)
  return true
}

/** One past the last segment, or null while it is not known or something before it is missing. */
export function settledEnd(end: EndOfInput, coverage: Coverage): number | null {
  return end.bound !== null && coverage.floor >= end.bound ? end.bound : null
}

/** Whether the part certainly has nothing at `segment`. */
export function isPastEnd(end: EndOfInput, segment: number): boolean {
  return end.bound !== null && segment >= end.bound
}
