/** `162k` is 162,000; null for nothing, and for what is no plain number. */
export function bitsPerSecond(text: string | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(text ?? '')
  if (!match) return null
  const factor = { '': 1, k: 1_000, M: 1_000_000 }[match[2] as '' | 'k' | 'M']
  return Math.round(Number(match[1]) * factor)
}
