import { type Command, InvalidArgumentError, Option } from 'commander'
import type { HourReport } from '../../simulate/large-run.ts'
import type { Grain } from '../../simulate/run.ts'

interface SimulateFlags {
  readonly fleet?: string
  readonly workload?: string
  readonly home?: true
  readonly days: number
  readonly seed: number
  readonly grain?: Grain
  readonly sweep?: true
  readonly random?: number
  readonly nodes?: number
  readonly sixStreams?: true
  readonly sessionsPerDay: number
  readonly hours?: number
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
      new Option(
        '--grain <grain>',
        'play every segment, or let streams flow (a hundredth of the time); segments, but fluid with --random',
      ).choices(['segments', 'fluid']),
    )
    .option('--sweep', 'set other policies beside it')
    .addOption(
      new Option('--random <cases>', 'instead: so many random fleets and workloads').argParser(
        wholeOf(1, 10_000),
      ),
    )
    .addOption(
      new Option('--nodes <number>', 'instead: a fleet of so many, in cells of 32').argParser(
        wholeOf(1, 1_000_000),
      ),
    )
    .addOption(
      new Option('--sessions-per-day <number>', 'with --nodes')
        .default(100_000)
        .argParser(wholeOf(1, 2_000_000)),
    )
    .addOption(
      new Option('--hours <number>', 'with --nodes: no more than so many hours').argParser(
        wholeOf(1, 87_840),
      ),
    )
    .option('--six-streams', 'instead: which fleets of Jetson modules carry six 4K HDR streams within 100 W')
    .option('--plot <file>', 'write a plot, as SVG')
    .option('--json', 'print JSON')
    .action(async (flags: SimulateFlags, command: Command) => {
      const wrong = contradictionOf(flags)
      if (wrong !== null) command.error(`error: ${wrong}`)
      if (flags.random !== undefined) await carryOutRandom(flags, flags.random)
      else if (flags.nodes !== undefined) await carryOutLarge(flags, flags.nodes)
      else if (flags.sixStreams) await carryOutSixStreams(flags)
      else await carryOut(flags)
    })
}

/** What cannot be asked for together, or null: nothing that was asked for is left out without a word. */
function contradictionOf(flags: SimulateFlags): string | null {
  const { fleet, workload, home, random, nodes, sixStreams, sweep, plot, grain, hours } = flags
  const hasFiles = fleet !== undefined || workload !== undefined
  if (home && hasFiles) return '--home has its own fleet and workload'
  const instead = [
    ...(random === undefined ? [] : ['--random']),
    ...(nodes === undefined ? [] : ['--nodes']),
    ...(sixStreams ? ['--six-streams'] : []),
  ]
  if (instead.length > 1) return `${instead.join(' and ')} are different simulations`
  const [one] = instead
  if (one && (home || hasFiles)) return `${one} has its own fleets and workloads`
  if (one && (sweep || plot !== undefined)) return `${one} has neither --sweep nor --plot`
  if (one && one !== '--random' && grain !== undefined) return `${one} is in the grain fluid`
  if (hours !== undefined && nodes === undefined) return '--hours is for --nodes'
  return null
}

async function carryOutRandom(flags: SimulateFlags, cases: number): Promise<void> {
  const [{ randomSuite }, { randomHead, randomRows, randomSummary }, { tableText }] = await Promise.all([
    import('../../simulate/random-suite.ts'),
    import('../../simulate/report-text.ts'),
    import('../table.ts'),
  ])
  const { days, seed, grain = 'fluid', json } = flags
  const progress = process.stderr.isTTY
  const suite = randomSuite(cases, days, seed, grain, ({ fleet, ratio }, number) => {
    if (progress) process.stderr.write(`${number} of ${cases}: ${fleet}, ratio ${ratio}\n`)
  })
  const text = () => `${tableText(randomHead, randomRows(suite.reports))}\n${randomSummary(suite)}`
  process.stdout.write(json ? `${JSON.stringify(suite)}\n` : text())
}

async function carryOutSixStreams({ json }: SimulateFlags): Promise<void> {
  const [{ floorParts, sixStreams }, text, { tableText }] = await Promise.all([
    import('../../simulate/six-streams.ts'),
    import('../../simulate/report-text.ts'),
    import('../table.ts'),
  ])
  const [rows, floor] = [sixStreams(), floorParts()]
  const tables = () =>
    [
      'Six streams from 4K30 HDR to 1080p30: all of this is modelled; see docs/fleets.md\n',
      tableText(text.sixStreamsHead, text.sixStreamsRows(rows)),
      tableText(text.floorHead, text.floorRows(floor)),
      tableText(text.modulesHead, text.modulesRows()),
    ].join('\n')
  process.stdout.write(json ? `${JSON.stringify({ modelled: true, fleets: rows, floor })}\n` : tables())
}

async function carryOutLarge(
  { days, hours = days * 24, seed, sessionsPerDay, json }: SimulateFlags,
  nodes: number,
): Promise<void> {
  const { largeRun } = await import('../../simulate/large-run.ts')
  const report = largeRun({
    ...{ nodes, sessionsPerDay, hours, seed, cellNodes: 32 },
    realNowMs: processorMs,
    heapBytes: () => process.memoryUsage().heapUsed,
    onHour: (soFar) => void process.stderr.write(hourLine(soFar)),
  })
  const text = () =>
    Object.entries(report)
      .map(([name, value]) => `${name.padEnd(20)}  ${value}\n`)
      .join('')
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : text())
}

async function carryOut(flags: SimulateFlags): Promise<void> {
  const [{ loadCase }, { simulate }, { sweep }, text, { tableText }] = await Promise.all([
    import('../simulate/load-case.ts'),
    import('../../simulate/report.ts'),
    import('../../simulate/sweep.ts'),
    import('../../simulate/report-text.ts'),
    import('../table.ts'),
  ])
  const { days, seed, grain = 'segments' } = flags
  const note = (line: string) => void process.stderr.write(`${line}\n`)
  const options = { ...(await loadCase(flags, note)), days, seed, grain }
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

/** Processor time, not time: what else runs on this machine says nothing of how much a decision costs. */
function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function writePlot({ plot }: SimulateFlags, svg: () => string): Promise<void> {
  if (plot === undefined) return
  const [{ writeFile }, { PacelineError }] = await Promise.all([
    import('node:fs/promises'),
    import('../../errors.ts'),
  ])
  try {
    await writeFile(plot, svg())
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new PacelineError('E_OUTPUT_WRITE', `${plot}: ${why}`, { cause: error })
  }
}

function wholeOf(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}

/** For who waits. */
const hourLine = ({ hour, realSeconds, playing, decisionP99Ms }: HourReport): string =>
  `hour ${hour}: ${realSeconds.toFixed(1)} s of processor time, ${playing} play, decisions p99 ${decisionP99Ms.toFixed(2)} ms so far\n`
