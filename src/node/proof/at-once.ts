import type { PathProof } from '../../platforms/proof-paths.ts'
import type { Bench } from './bench.ts'

/** Each lease may be so much slower beside others before that counts as a drop: what is measured varies by as much. */
const stillTheSame = 0.8

/** Numbers that are tried: boards have one engine or two, cards a handful. */
const numbers = [2, 3, 4, 6, 8] as const

/**
 * How many leases run at once before the speed of each drops, or a driver lets no more in; undefined where not even one
 * could be measured.
 */
export async function leasesAtOnce(
  { measured, clip }: Pick<PathProof, 'measured' | 'clip'>,
  bench: Pick<Bench, 'speeds'>,
): Promise<number | undefined> {
  const alone = (await bench.speeds(measured, clip, 1))?.[0]
  if (alone === undefined) return undefined
  let most = 1
  for (const number of numbers) {
    const speeds = await bench.speeds(measured, clip, number)
    if (!speeds || Math.min(...speeds) < alone * stillTheSame) break
    most = number
  }
  return most
}
