/** The value below which a share of the values lies, by nearest rank. Throws RangeError when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('nothing was measured')
  return value
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** Each value divided by the one measured beside it. */
export function ratios(values: readonly number[], beside: readonly number[]): number[] {
  return values.map((value, index) => value / beside[index]!)
}
