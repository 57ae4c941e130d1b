import { PacelineError } from '../../errors.ts'
import { runProgram } from '../run-program.ts'
import { withinTime } from '../within-time.ts'
import type { Meter } from './meter.ts'

const query = ['--query-gpu=power.draw', '--format=csv,noheader,nounits']
/** Without its persistence mode the driver wakes the card for each question. */
const limitMs = 10_000

/**
 * Discrete Nvidia cards through `nvidia-smi`, added up; undefined where the program is missing or no card tells. Cards
 * that do not tell beside others that do are left out.
 *
 * @param program its name or path
 */
export async function findNvidia(program = 'nvidia-smi', signal?: AbortSignal): Promise<Meter | undefined> {
  const ask = async (stop?: AbortSignal) => {
    const { PATH = '/usr/bin:/bin' } = process.env
    const command = [program, ...query]
    const end = await withinTime((limit) => runProgram(command, { PATH }, limit), limitMs, program, stop)
    if (end.exitCode !== 0)
      throw new PacelineError(
        'E_POWER_ANSWER',
        `${program}: ${(end.stderr || end.stdout).trim().slice(0, 200)}`,
      )
    // `[N/A]` or `[Not Supported]` where a card does not tell.
    return end.stdout
      .split('\n')
      .filter((line) => /^\s*\d+(\.\d+)?\s*$/.test(line))
      .map(Number)
  }
  const cards = await ask(signal).catch((error: unknown) => {
    signal?.throwIfAborted()
    if (error instanceof PacelineError) return []
    throw error
  })
  if (cards.length === 0) return undefined
  const source = `nvidia-smi${cards.length > 1 ? `, ${cards.length} cards` : ''}`
  return {
    source,
    read: async (stop) => {
      const watts = await ask(stop)
      if (watts.length === 0)
        throw new PacelineError('E_POWER_ANSWER', `${program}: no card tells its watts any more`)
      return {
        watts: watts.reduce((total, value) => total + value, 0),
        source,
        basis: 'measured',
        boundary: 'chip',
      }
    },
  }
}
