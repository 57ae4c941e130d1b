import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { PacelineError } from '../../errors.ts'
import type { Fleet } from '../../simulate/fleet.ts'
import { readFleet } from '../../simulate/fleet-file.ts'
import { homeFleet, homeShape } from '../../simulate/home.ts'
import { readExport, viewingsOfExport } from '../../simulate/playback-export.ts'
import { randomOf } from '../../simulate/random.ts'
import type { Viewing } from '../../simulate/viewing.ts'
import { readWorkload } from '../../simulate/workload-file.ts'
import { viewingsOf } from '../../simulate/workload-shape.ts'

export interface CaseFlags {
  readonly fleet?: string
  readonly workload?: string
  readonly days: number
  readonly seed: number
}

/** More take more memory than a machine has for them. */
const mostViewings = 2_000_000

/**
 * A fleet and its viewers from the files that are named, and those of the home where none is.
 *
 * @param note is told what a file has that was left out
 * @throws PacelineError E_SIMULATE_FILE for what cannot be used, and where nobody would watch anything
 */
export async function loadCase(
  flags: CaseFlags,
  note: (line: string) => void,
): Promise<{ fleet: Fleet; viewings: readonly Viewing[] }> {
  const fleet = flags.fleet === undefined ? homeFleet : readFleet(await textOf(flags.fleet), flags.fleet)
  const viewings = await viewingsFor(flags, note)
  if (viewings.length > 0) return { fleet, viewings }
  const why = `nobody watches anything that is transcoded in ${flags.days} days: give more days, or another seed`
  throw new PacelineError('E_SIMULATE_FILE', `${flags.workload ?? 'the home'}: ${why}`)
}

async function viewingsFor(
  { workload, days, seed }: CaseFlags,
  note: (line: string) => void,
): Promise<readonly Viewing[]> {
  const random = randomOf(`${seed}/workload`)
  if (workload === undefined) return viewingsOf(homeShape, days, random)
  const file = readWorkload(await textOf(workload), workload)
  if (file.kind === 'shape') {
    if (file.shape.perDay * days <= mostViewings) return viewingsOf(file.shape, days, random)
    const many = `${file.shape.perDay} a day on ${days} days are more than ${mostViewings} viewings`
    throw new PacelineError('E_SIMULATE_FILE', `${workload}: perDay: ${many}`)
  }
  const { source } = file
  const path = resolve(dirname(workload), source.export)
  const { played, oddRows } = readExport(await textOf(path), path)
  if (oddRows > 0) note(`${path}: ${oddRows} rows have no time or no duration that can be, and are left out`)
  const all = viewingsOfExport(played, source.stream, source.transcoded, random)
  const within = all.filter(({ atSeconds }) => atSeconds < days * 86_400)
  if (within.length < all.length) {
    note(
      `${path}: ${within.length} of ${all.length} transcodes are in its first ${days} days; --days takes more`,
    )
  }
  return within
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new PacelineError(
      'E_SIMULATE_FILE',
      `${path}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}
