/** A stream of random numbers that is the same for the same seed. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number
  between(least: number, most: number): number
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number
  /** Time until the next of events that come independently of each other. */
  exponential(mean: number): number
  weibull(scale: number, shape: number): number
  normal(mean: number, deviation: number): number
  pick<T>(items: readonly T[]): T
  /** Another stream, which does not change when more is taken from this one. */
  fork(name: string): Random
}

/** sfc32, a small generator that passes the usual batteries of tests (Doty-Humphrey, PractRand). */
export function randomOf(seed: number | string): Random {
  const next = generatorOf(String(seed))
  const self: Random = {
    next,
    between: (least, most) => least + (most - least) * next(),
    whole: (least, most) => least + Math.floor((most - least + 1) * next()),
    exponential: (mean) => -mean * Math.log(1 - next()),
    weibull: (scale, shape) => scale * (-Math.log(1 - next())) ** (1 / shape),
    normal(mean, deviation) {
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      return mean + deviation * radius * Math.cos(2 * Math.PI * next())
    },
    pick: (items) => items[Math.floor(items.length * next())]!,
    fork: (name) => randomOf(`${seed}/${name}`),
  }
  return self
}

function generatorOf(seed: string): () => number {
  let [a, b, c, d] = [hash(seed, 1), hash(seed, 2), hash(seed, 3), 1]
  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let warm = 0; warm < 15; warm += 1) next()
  return next
}

/** FNV-1a. */
function hash(text: string, salt: number): number {
  let value = 2_166_136_261 ^ salt
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 16_777_619)
  }
  return value | 0
}
