/** Seconds of source in the segments [from, to). */
export function spanSeconds(segmentSeconds: (segment: number) => number, from: number, to: number): number {
  let seconds = 0
  for (let segment = from; segment < to; segment += 1) seconds += segmentSeconds(segment)
  return seconds
}

/**
 * One past the last of the whole segments from `from` that fit into `seconds`: at least `atLeast` of them, and
 * never past `stop`.
 */
export function segmentAfter(
  segmentSeconds: (segment: number) => number,
  from: number,
  seconds: number,
  bounds: { readonly atLeast: number; readonly stop: number },
): number {
  let to = from
  let left = seconds
  while (to < bounds.stop && (to - from < bounds.atLeast || segmentSeconds(to) <= left)) {
    left -= segmentSeconds(to)
    to += 1
  }
  return to
}
