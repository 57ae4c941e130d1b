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

/** A fleet and its viewers from the files that are named, and those of the home where none is. */
export async function loadCase(flags: CaseFlags): Promise<{ fleet: Fleet; viewings: readonly Viewing[] }> {
  const fleet = flags.fleet === undefined ? homeFleet : readFleet(await textOf(flags.fleet), flags.fleet)
  return { fleet, viewings: await viewingsFor(flags) }
}

async function viewingsFor({ workload, days, seed }: CaseFlags): Promise<readonly Viewing[]> {
  const random = randomOf(`${seed}/workload`)
  if (workload === undefined) return viewingsOf(homeShape, days, random)
  const file = readWorkload(await textOf(workload), workload)
  if (file.kind === 'shape') return viewingsOf(file.shape, days, random)
  const { source } = file
  const path = resolve(dirname(workload), source.export)
  const played = readExport(await textOf(path), path)
  const all = viewingsOfExport(played, source.stream, source.transcoded, random)
  return all.filter(({ atSeconds }) => atSeconds < days * 86_400)
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new PacelineError('E_SIMULATE_FILE', `${path}: ${String(error)}`, { cause: error })
  }
}
