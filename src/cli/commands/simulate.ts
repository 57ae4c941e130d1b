import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Grain } from '../../simulate/run.ts'

interface SimulateFlags {
  readonly fleet?: string
  readonly workload?: string
  readonly home?: true
  readonly days: number
  readonly seed: number
  readonly grain: Grain
  readonly sweep?: true
  readonly plot?: string
  readonly json?: true
}

/** `paceline simulate`: energy, starts and stalls of a fleet under a workload, on a virtual clock. Needs no head. */
export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('what a fleet would draw, and how it would serve, under a workload')
    .option('--fleet <file>', 'the fleet, as YAML; the four boards of a home unless told')
    .option('--workload <file>', 'who watches when, as YAML; three transcodes a day unless told')
    .option('--home', 'the home and its three transcodes a day')
    .addOption(new Option('--days <number>', 'days to play').default(60).argParser(wholeOf(1, 3_660)))
    .addOption(
      new Option('--seed <number>', 'the same seed gives the same days')
        .default(1)
        .argParser(wholeOf(0, Number.MAX_SAFE_INTEGER)),
    )
    .addOption(
      new Option('--grain <grain>', 'play every segment, or let streams flow (a tenth of the time)')
        .choices(['segments', 'fluid'])
        .default('segments'),
    )
    .option('--sweep', 'set other policies beside it')
    .option('--plot <file>', 'write a plot, as SVG')
    .option('--json', 'print JSON')
    .action(async (flags: SimulateFlags, command: Command) => {
      if (flags.home && (flags.fleet !== undefined || flags.workload !== undefined)) {
        command.error('error: --home has its own fleet and workload')
      }
      await carryOut(flags)
    })
}

async function carryOut(flags: SimulateFlags): Promise<void> {
  const [{ loadCase }, { simulate }, { sweep }, text, { tableText }] = await Promise.all([
    import('../simulate/load-case.ts'),
    import('../../simulate/report.ts'),
    import('../../simulate/sweep.ts'),
    import('../../simulate/report-text.ts'),
    import('../table.ts'),
  ])
  const { days, seed, grain } = flags
  const options = { ...(await loadCase(flags)), days, seed, grain }
  if (flags.sweep) {
    const rows = sweep(options)
    await writePlot(flags, () => text.sweepPlot(rows))
    const table = () => tableText(text.sweepHead, text.sweepRows(rows))
    process.stdout.write(flags.json ? `${JSON.stringify({ policies: rows })}\n` : table())
    return
  }
  const { report } = simulate(options)
  await writePlot(flags, () => text.reportPlot(report))
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : text.reportText(report))
}

async function writePlot({ plot }: SimulateFlags, svg: () => string): Promise<void> {
  if (plot === undefined) return
  const { writeFile } = await import('node:fs/promises')
  await writeFile(plot, svg())
}

function wholeOf(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}
