import { untried } from '../../platforms/proof-result.ts'
import type { Bench } from './bench.ts'

type Memory = Map<string, Promise<string | null>>

/** The same bench, on which nothing is done twice: several tables may fit one chip, and ask it for the same. */
export function rememberingBench(bench: Bench, memory: Memory = new Map()): Bench {
  const once = async (key: string, work: () => Promise<string | null>): Promise<string | null> => {
    const before = memory.get(key)
    const known = before && (await before)
    if (known !== undefined && known !== untried) return known
    const done = work()
    memory.set(key, done)
    return done
  }
  return {
    ...bench,
    prove: (proof) => once(proof.args.join('\n') + proof.clip.file, () => bench.prove(proof)),
    opens: (devices) => once(devices.join('\n'), () => bench.opens(devices)),
    within: (limitMs) => rememberingBench(bench.within(limitMs), memory),
  }
}
