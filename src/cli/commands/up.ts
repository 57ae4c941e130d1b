import { type Command, InvalidArgumentError, Option } from 'commander'
import { dataFolderOf } from '../data-folder.ts'
import { exitCodes } from '../exit-codes.ts'
import { interruptSignal, untilAborted } from '../interrupt.ts'
import { startRow } from '../row.ts'
import { shimPath } from '../shim-path.ts'

interface UpFlags {
  readonly data?: string
  readonly nodes: number
  readonly host: string
  readonly ffmpeg: string
  readonly nats?: string
  readonly demo?: true
  readonly input?: string
  readonly json?: true
}

/** `paceline up`: a head and nodes on this machine, each its own process. */
export function addUp(program: Command): void {
  program
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
    .addOption(new Option('--ffmpeg <path>', 'ffmpeg to run').default('ffmpeg').env('PACELINE_FFMPEG'))
    .option('--demo', 'send a clip through the shim as a media server would')
    .option('--input <file>', 'clip for --demo, instead of one that is made')
    .option('--json', 'print one line of JSON when ready')
    .action(async (_flags: UpFlags, command: Command) => {
      process.exitCode = await up(command.optsWithGlobals<UpFlags>())
    })
}

async function up(flags: UpFlags): Promise<number> {
  const signal = interruptSignal()
  const say = (text: string): void => void (flags.json || process.stdout.write(`${text}\n`))
  const row = await startRow(
    {
      dataFolder: dataFolderOf(flags.data),
      nodes: flags.nodes,
      host: flags.host,
      ffmpeg: flags.ffmpeg,
      nats: flags.nats,
    },
    { say, log: (line) => process.stderr.write(`${line}\n`) },
    signal,
  )
  if (row === null) return exitCodes.interrupted
  try {
    const { head, api } = row
    if (flags.json) {
      process.stdout.write(`${JSON.stringify({ head, api, shim: shimPath(), nodes: flags.nodes })}\n`)
    } else say(`Paceline is up: the head (${api}) and ${flags.nodes} nodes. Ctrl-C ends all of it.`)
    const demo = flags.demo ? await runDemo(row, flags, say, signal) : null
    const fallen = await Promise.race([untilAborted(signal).then(() => null), row.fallen])
    await demo?.close()
    if (fallen === null) return exitCodes.ok
    process.stderr.write(`paceline: ${fallen} ended by itself\n`)
    return exitCodes.failed
  } finally {
    await row.stop()
  }
}

async function runDemo(
  row: { readonly head: string },
  flags: UpFlags,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<{ close(): Promise<void> } | null> {
  const { showDemo } = await import('../demo/show-demo.ts')
  const dataFolder = dataFolderOf(flags.data)
  return showDemo({ head: row.head, input: flags.input, dataFolder, ffmpeg: flags.ffmpeg, say, signal })
}

function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > 64) throw new InvalidArgumentError('A number from 0 to 64.')
  return value
}
