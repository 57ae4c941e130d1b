import { join } from 'node:path'
import { PacelineError } from '../../errors.ts'
import { pause } from '../pause.ts'
import type { Meter } from './meter.ts'
import { namesIn, readNumber, readText } from './sysfs.ts'

interface Domain {
  readonly name: string
  readonly path: string
  /** Where its counter begins again, in microjoules. */
  readonly rangeMicrojoules: number
}

interface Sample {
  readonly atMs: number
  readonly microjoules: readonly number[]
}

/** The counter moves about once a millisecond; over this long that does not matter. */
const shortestMs = 100
/** No package draws more for long; a counter that could have gone round twice at this is not followed. */
const mostWatts = 500

/**
 * The energy counters (RAPL) of the processor's packages and, where they are apart, of their memory; undefined where
 * there are none. A board's other parts are not in it. Between two readings a counter may go round once.
 *
 * @param sys the mount point of sysfs
 * @param nowMs a clock that only goes forward
 * @throws PacelineError E_METER_DENIED where they may not be read: since 2020 only root may
 */
export async function findRapl(sys = '/sys', nowMs = () => performance.now()): Promise<Meter | undefined> {
  const domains = await findDomains(join(sys, 'class', 'powercap'))
  if (domains.length === 0) return undefined
  const source = `rapl ${domains.map(({ name }) => name).join(' + ')}`
  // The time in which the narrowest counter could go round: 43 minutes for 262 kJ at 100 W, 9 at 500 W.
  const longestMs = Math.min(...domains.map(({ rangeMicrojoules }) => rangeMicrojoules)) / 1_000 / mostWatts
  const take = async (): Promise<Sample> => {
    const microjoules = await Promise.all(domains.map(({ path }) => readNumber(join(path, 'energy_uj'))))
    return { atMs: nowMs(), microjoules }
  }
  let last = await take()
  let joules = 0
  return {
    source,
    read: async (signal) => {
      signal?.throwIfAborted()
      const sinceMs = nowMs() - last.atMs
      if (sinceMs > longestMs) last = await take()
      if (sinceMs > longestMs || sinceMs < shortestMs) await pause(shortestMs, signal)
      const next = await take()
      const used = domains.map((domain, index) => {
        const difference = next.microjoules[index]! - last.microjoules[index]!
        return difference < 0 ? difference + domain.rangeMicrojoules : difference
      })
      const microjoules = used.reduce((total, value) => total + value, 0)
      const seconds = (next.atMs - last.atMs) / 1_000
      last = next
      joules += microjoules / 1_000_000
      if (!(seconds > 0)) throw new PacelineError('E_POWER_ANSWER', `${source}: the clock stands still`)
      return { watts: microjoules / 1_000_000 / seconds, source, basis: 'measured', boundary: 'chip', joules }
    },
  }
}

/** Packages, and the memory beside each. A package's cores and graphics are in it already, and psys has it all twice. */
async function findDomains(powercap: string): Promise<Domain[]> {
  const names = (await namesIn(powercap)).filter((name) => /^intel-rapl(:\d+){1,2}$/.test(name))
  const found: Domain[] = []
  for (const folder of names) {
    const path = join(powercap, folder)
    const name = (await readText(join(path, 'name'))) ?? ''
    if (!/^package-\d+/.test(name) && name !== 'dram') continue
    const rangeMicrojoules = await readNumber(join(path, 'max_energy_range_uj'))
    found.push({ name, path, rangeMicrojoules })
  }
  return found
}
