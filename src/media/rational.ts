/** An exact fraction: both safe integers, `den` above 0, reduced. */
export interface Rational {
  readonly num: number
  readonly den: number
}

/** The reduced fraction num/den; throws RangeError when it cannot be held exactly. */
export function rational(num: number, den: number): Rational {
  if (!Number.isSafeInteger(num) || !Number.isSafeInteger(den) || den === 0) {
    throw new RangeError(`not a fraction of safe integers: ${num}/${den}`)
  }
  return reduced(BigInt(num), BigInt(den))
}

/** `num/den` or `num:den` or `num` in decimal digits, taken exactly; null for anything else and for x/0. */
export function parseRational(text: string): Rational | null {
  const match = /^\s*([+-]?\d+)(?:[/:](\d+))?\s*$/.exec(text)
  if (match === null) return null
  const num = Number(match[1])
  const den = Number(match[2] ?? 1)
  return Number.isSafeInteger(num) && Number.isSafeInteger(den) && den !== 0 ? rational(num, den) : null
}

/** Names that FFmpeg's video rate parser knows (libavutil/parseutils.c). */
const namedRates: ReadonlyMap<string, Rational> = new Map([
  ['ntsc', { num: 30000, den: 1001 }],
  ['pal', { num: 25, den: 1 }],
  ['qntsc', { num: 30000, den: 1001 }],
  ['qpal', { num: 25, den: 1 }],
  ['sntsc', { num: 30000, den: 1001 }],
  ['spal', { num: 25, den: 1 }],
  ['film', { num: 24, den: 1 }],
  ['ntsc-film', { num: 24000, den: 1001 }],
])

/** Largest numerator or denominator that FFmpeg gives a video rate. */
const rateLimit = 1_001_000

/**
 * A video rate as FFmpeg reads the value of `-r` and of the fps filter: a name, `num:den` exactly, or a number or
 * quotient evaluated in doubles and turned into the nearest fraction with both terms at most 1,001,000. So
 * `23.975999999999999` is 2997/125 and `23.976024` is 991001/41333, not 24000/1001.
 * Null for what FFmpeg refuses (zero, negative, not a number) and for general expressions, which no media
 * server writes.
 */
export function parseFrameRate(text: string): Rational | null {
  const named = namedRates.get(text)
  if (named !== undefined) return named
  const pair = /^\s*([+-]?\d+):([+-]?\d+)$/.exec(text)
  if (pair !== null) return positive(nearest(BigInt(pair[1]!), BigInt(pair[2]!), BigInt(rateLimit)))
  const match =
    /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:\/((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))?\s*$/.exec(
      text,
    )
  if (match === null) return null
  return positive(fromDouble(Number(match[1]) / Number(match[2] ?? 1), rateLimit))
}

/**
 * The fraction nearest to `value` whose terms are at most `limit`, found as FFmpeg's av_d2q does: the double is
 * scaled to 62 bits and walked as a continued fraction. Null where FFmpeg gives a fraction over zero.
 */
export function fromDouble(value: number, limit: number): Rational | null {
  const largest = 2 ** 31 - 1
  if (Number.isNaN(value) || Math.abs(value) > largest + 3) return null
  // One less than C's frexp exponent, and never negative: floor(log2) by powers, as Math.log2 may round up.
  let exponent = 0
  while (2 ** (exponent + 1) <= Math.abs(value)) exponent += 1
  const den = 2 ** (61 - exponent)
  const num = BigInt(Math.floor(value * den + 0.5))
  const result = nearest(num, BigInt(den), BigInt(limit))
  if (result !== null && (result.num !== 0 || value === 0)) return result
  return nearest(num, BigInt(den), BigInt(largest))
}

/** num/den as an IEEE double, as FFmpeg's av_q2d. */
export function toNumber(value: Rational): number {
  return value.num / value.den
}

/** Below, at or above zero as a is less than, equal to or greater than b; exact. */
export function compare(a: Rational, b: Rational): number {
  const left = BigInt(a.num) * BigInt(b.den)
  const right = BigInt(b.num) * BigInt(a.den)
  return left < right ? -1 : left > right ? 1 : 0
}

/** a x b; throws RangeError when the product's terms are not safe integers. */
export function multiply(a: Rational, b: Rational): Rational {
  return reduced(BigInt(a.num) * BigInt(b.num), BigInt(a.den) * BigInt(b.den))
}

/** 1 / value; throws RangeError for 0. */
export function invert(value: Rational): Rational {
  return rational(value.den, value.num)
}

/**
 * `ticks` of time base `from` in ticks of `to`, to the nearest and halves away from zero (FFmpeg's av_rescale_q).
 * Exact whatever the size in between.
 */
export function rescale(ticks: number, from: Rational, to: Rational): number {
  const num = BigInt(ticks) * BigInt(from.num) * BigInt(to.den)
  const den = BigInt(from.den) * BigInt(to.num)
  if (den <= 0n) throw new RangeError('a time base is above zero')
  const magnitude = num < 0n ? -num : num
  const rounded = (2n * magnitude + den) / (2n * den)
  return toSafe(num < 0n ? -rounded : rounded)
}

/** FFmpeg's av_reduce: the exact fraction when it fits, else the best within `limit`; null over zero. */
function nearest(num: bigint, den: bigint, limit: bigint): Rational | null {
  if (den === 0n) return null
  const negative = num < 0n !== den < 0n
  let left = num < 0n ? -num : num
  let right = den < 0n ? -den : den
  const common = greatestDivisor(left, right)
  left /= common
  right /= common
  let before: readonly [bigint, bigint] = [0n, 1n]
  let last: readonly [bigint, bigint] = [1n, 0n]
  if (left <= limit && right <= limit) {
    last = [left, right]
    right = 0n
  }
  while (right !== 0n) {
    let quotient = left / right
    const next: readonly [bigint, bigint] = [quotient * last[0] + before[0], quotient * last[1] + before[1]]
    if (next[0] > limit || next[1] > limit) {
      if (last[0] !== 0n) quotient = (limit - before[0]) / last[0]
      const byDenominator = last[1] === 0n ? quotient : (limit - before[1]) / last[1]
      if (byDenominator < quotient) quotient = byDenominator
      // The half-way term of a continued fraction is only taken when it is nearer than the convergent before it.
      if (right * (2n * quotient * last[1] + before[1]) > left * last[1]) {
        last = [quotient * last[0] + before[0], quotient * last[1] + before[1]]
      }
      break
    }
    const rest = left - right * quotient
    before = last
    last = next
    left = right
    right = rest
  }
  return last[1] === 0n ? null : reduced(negative ? -last[0] : last[0], last[1])
}

function positive(value: Rational | null): Rational | null {
  return value !== null && value.num > 0 ? value : null
}

function reduced(num: bigint, den: bigint): Rational {
  const sign = den < 0n ? -1n : 1n
  const common = greatestDivisor(num < 0n ? -num : num, den * sign)
  return { num: toSafe((sign * num) / common), den: toSafe((sign * den) / common) }
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let left = a
  let right = b
  while (right !== 0n) [left, right] = [right, left % right]
  return left
}

function toSafe(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`beyond safe integers: ${value}`)
  return number
}
