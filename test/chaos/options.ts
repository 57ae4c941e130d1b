import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { defects } from './defects.ts'
import { type FaultKind, faultKinds } from './schedule.ts'

export interface ChaosOptions {
  /** Seeds to run, in order. */
  readonly seeds: readonly number[]
  readonly kinds: readonly FaultKind[]
  readonly list: boolean
  /** Name of a defect that is planted; runs end when it is caught. */
  readonly defect: string | null
  /** Clusters beside each other. */
  readonly jobs: number
  /** Shows the log of a run that fails. */
  readonly log: boolean
}

/** Reads the command line; a number is the exit code for one that is only a question, or wrong. */
export function readOptions(argv: readonly string[], write: (text: string) => void): ChaosOptions | number {
  const program = new Command('npm run chaos --')
    .description(
      'Plays films in a cluster to which random faults happen, and looks whether a viewer could notice.',
    )
    .option('--seed <number>', 'the first schedule, or the only one', whole)
    .option('--runs <count>', 'so many schedules, each with the next seed', whole)
    .option('--only <kinds>', 'these kinds of faults alone, separated by commas', kindsIn)
    .option('--list', 'print the schedules and the kinds, and run nothing')
    .option('--defect <name>', `plant a defect: ${defects.map(({ name }) => name).join(', ')}`, defectNamed)
    .option('--jobs <count>', 'so many clusters beside each other', whole, 1)
    .option('--log', 'show what head and nodes said in a run that fails')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write })
  try {
    program.parse([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  const given = program.opts<{
    seed?: number
    runs?: number
    only?: FaultKind[]
    list?: true
    defect?: string
    jobs: number
    log?: true
  }>()
  const runs = given.runs ?? (given.defect !== undefined ? 50 : given.seed !== undefined ? 1 : 200)
  return {
    seeds: Array.from({ length: runs }, (_, index) => (given.seed ?? 1) + index),
    kinds: given.only ?? faultKinds,
    list: given.list ?? false,
    defect: given.defect ?? null,
    jobs: Math.max(1, given.jobs),
    log: given.log ?? false,
  }
}

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number.')
}

function kindsIn(text: string): FaultKind[] {
  return text.split(',').map((name) => {
    const kind = faultKinds.find((known) => known === name)
    if (kind) return kind
    throw new InvalidArgumentError(`${name} is none of ${faultKinds.join(', ')}.`)
  })
}

function defectNamed(name: string): string {
  if (defects.some((defect) => defect.name === name)) return name
  throw new InvalidArgumentError(`One of ${defects.map((defect) => defect.name).join(', ')}.`)
}
