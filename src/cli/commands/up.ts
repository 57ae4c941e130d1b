import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { makeDataFolder } from '../../cluster/data-folder.ts'
import { PacelineError } from '../../errors.ts'
import { complain } from '../complain.ts'
import { configure } from '../config/configure.ts'
import { dataFolderOf } from '../data-folder.ts'
import type { DemoFilm } from '../demo/demo-film.ts'
import type { Demo } from '../demo/show-demo.ts'
import { exitCodes } from '../exit-codes.ts'
import { type HeadPlaceFlags, headPlaceEnvironment, headPlaceOptions } from '../head-options.ts'
import { interruptSignal, untilAborted } from '../interrupt.ts'
import { readableLine } from '../log.ts'
import { openProgressLine, type ProgressLine } from '../progress-line.ts'
import { type Row, startRow } from '../row.ts'
import { shimPath } from '../shim-path.ts'
import { usualFfmpeg } from '../usual-ffmpeg.ts'

interface UpFlags extends HeadPlaceFlags {
  readonly data?: string
  readonly config?: string
  readonly nodes: number
  readonly host: string
  readonly ffmpeg: string
  readonly nats?: string
  readonly watch?: true
  readonly demo?: true
  readonly input?: string
  readonly json?: true
}

/** `paceline up`: a head and nodes on this machine, each its own process. */
export function addUp(program: Command): void {
  const command = program
    .command('up')
    .description('run a head and nodes on this machine')
    .addOption(
      new Option('--nodes <count>', 'nodes to start').argParser(count).default(2).env('PACELINE_NODES'),
    )
    .addOption(
      new Option('--host <address>', 'address to listen on for further nodes')
        .default('0.0.0.0')
        .env('PACELINE_HOST'),
    )
    .addOption(new Option('--nats <url>', 'use this NATS server instead of an own one').env('PACELINE_NATS'))
    .addOption(new Option('--ffmpeg <path>', 'ffmpeg to run').default(usualFfmpeg()).env('PACELINE_FFMPEG'))
    .option('--watch', 'put the shim back when an update of the media server replaces it')
    .option('--demo', 'send a clip through the shim as a media server would')
    .option('--input <file>', 'clip for --demo, instead of one that is made')
    .option('--json', 'print one line of JSON when ready')
    .action(async (_flags: UpFlags, command: Command) => {
      await configure(command)
      process.exitCode = await up(command.optsWithGlobals<UpFlags>())
    })
  for (const option of headPlaceOptions()) command.addOption(option)
}

async function up(flags: UpFlags): Promise<number> {
  const signal = interruptSignal()
  const say = (text: string): void => void (flags.json || process.stdout.write(`${text}\n`))
  const demo = await prepareDemo(flags, say, signal)
  if (demo === 'interrupted') return exitCodes.interrupted
  const row = await startRow(
    {
      dataFolder: dataFolderOf(flags.data),
      nodes: flags.nodes,
      host: flags.host,
      ffmpeg: flags.ffmpeg,
      nats: flags.nats,
      environment: {
        ...headPlaceEnvironment(flags),
        ...(flags.config !== undefined && { PACELINE_CONFIG: resolve(flags.config) }),
      },
    },
    {
      say,
      log: demo?.log ?? ((line) => process.stderr.write(`${flags.json ? line : readableLine(line)}\n`)),
    },
    signal,
  )
  if (row === null) return exitCodes.interrupted
  const watching = new AbortController()
  const watched = flags.watch ? watch(flags, watching.signal) : Promise.resolve()
  try {
    const { head, api } = row
    if (flags.json) {
      process.stdout.write(`${JSON.stringify({ head, api, shim: shimPath(), nodes: flags.nodes })}\n`)
    } else {
      say(`Paceline is up: the head (${api}) and ${flags.nodes} nodes. Ctrl-C ends all of it.`)
      const { dashboardLink } = await import('../dashboard-link.ts')
      say(`See it: ${(await dashboardLink(row.client)).url}`)
    }
    const shown = (await demo?.show(row)) ?? null
    const fallen = await Promise.race([untilAborted(signal).then(() => null), row.fallen])
    await shown?.close()
    if (fallen === null) return exitCodes.ok
    process.stderr.write(`paceline: ${fallen} has ended\n`)
    return exitCodes.failed
  } finally {
    watching.abort()
    await watched
    await row.stop()
  }
}

/** Whatever goes wrong with it, the row goes on. */
async function watch(flags: UpFlags, signal: AbortSignal): Promise<void> {
  const { watchTranscoders } = await import('../watch-transcoders.ts')
  const tell = (line: string) => void process.stderr.write(`${line}\n`)
  try {
    await watchTranscoders(dataFolderOf(flags.data), tell, signal)
  } catch (error) {
    complain(error)
  }
}

interface PreparedDemo {
  /** Takes the daemons' log lines, and passes on what concerns a user. */
  readonly log: (line: string) => void
  show(row: Row): Promise<Demo | null>
}

/** What can be known before anything is started: that there is a film, and what is in it. */
async function prepareDemo(
  flags: UpFlags,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<PreparedDemo | null | 'interrupted'> {
  if (!flags.demo) {
    if (flags.input === undefined) return null
    throw new PacelineError('E_USAGE', '--input is the film of a demonstration', { hint: 'Add --demo.' })
  }
  const [{ demoClip }, { openDemoFilm }, { demoFolder }, { worthSaying }] = await Promise.all([
    import('../demo/demo-clip.ts'),
    import('../demo/demo-film.ts'),
    import('../demo/show-demo.ts'),
    import('../demo/worth-saying.ts'),
  ])
  const folder = demoFolder(dataFolderOf(flags.data))
  const line = openProgressLine(process.stdout, !flags.json)
  try {
    // The clip lies in the data folder, which may have to be made before there is a head to make it.
    if (flags.input === undefined) await makeDataFolder(dataFolderOf(flags.data))
    const input = flags.input ?? (await demoClip({ folder, ffmpeg: flags.ffmpeg, say, signal }))
    const film = await openDemoFilm(input, signal)
    const log = (text: string): void => {
      const words = worthSaying(text)
      if (words === null) return
      line.clear()
      process.stderr.write(`${words}\n`)
    }
    return { log, show: (row) => runDemo({ row, film, folder, line, flags, say, signal }) }
  } catch (error) {
    if (signal.aborted) return 'interrupted'
    throw error
  }
}

async function runDemo(options: {
  readonly row: Row
  readonly film: DemoFilm
  readonly folder: string
  readonly line: ProgressLine
  readonly flags: UpFlags
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}): Promise<Demo | null> {
  const { row, film, folder, line, flags, say, signal } = options
  const [{ showDemo }, { openDemoReport, resultText }] = await Promise.all([
    import('../demo/show-demo.ts'),
    import('../demo/demo-report.ts'),
  ])
  say(`Asking for ${film.path} the way Plex would...`)
  const report = openDemoReport(line, process.stdout.isTTY, say)
  try {
    const demo = await showDemo({ head: row.head, client: row.client, film, folder, report, signal })
    line.clear()
    if (demo && flags.json) process.stdout.write(`${JSON.stringify(demo.result)}\n`)
    else if (demo) say(`${resultText(demo.result)} (Ctrl-C ends all of it.)`)
    return demo
  } finally {
    line.clear()
  }
}

function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > 64) throw new InvalidArgumentError('A number from 0 to 64.')
  return value
}
