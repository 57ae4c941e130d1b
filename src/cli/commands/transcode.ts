import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { PacelineError } from '../../errors.ts'
import { wholeFileName } from '../../plan/whole-file-name.ts'
import { printable, printableLines } from '../../printable.ts'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { interruptSignal } from '../interrupt.ts'
import { openProgressLine } from '../progress-line.ts'

interface TranscodeFlags {
  readonly data?: string
  readonly height?: number
  readonly codec: string
  readonly quality: number
  readonly preset: string
  readonly audio: string
  readonly audioBitrate: number
  readonly overwrite?: true
  readonly json?: true
}

type Shares = Readonly<Record<string, { readonly segments: number }>>

type Told =
  | {
      readonly type: 'progress'
      readonly percent: number | null
      readonly speed: number
      readonly nodes: Shares
    }
  | {
      readonly type: 'done'
      readonly frames: number
      readonly seconds: number
      readonly speed: number
      readonly nodes: Shares
    }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly hint?: string }

/** `paceline transcode IN OUT`: a whole file, shared by all nodes. */
export function addTranscode(program: Command): void {
  program
    .command('transcode')
    .description('make one file of another, with all nodes')
    .argument('<input>')
    .argument('<output>', 'name ending in .mp4, .mkv or .ts')
    .option('--height <lines>', 'lines of the picture (as the input)', wholeNumber)
    .addOption(new Option('--codec <name>', 'picture codec').choices(['h264', 'hevc']).default('h264'))
    .option('--quality <crf>', 'constant rate factor, 0 to 51: smaller is better and larger', wholeNumber, 21)
    .option('--preset <name>', "the encoder's preset, ultrafast to veryslow", 'veryfast')
    .addOption(new Option('--audio <codec>', 'sound codec').choices(['aac', 'ac3', 'none']).default('aac'))
    .option('--audio-bitrate <kbps>', 'kilobits a second', wholeNumber, 160)
    .option('--overwrite', 'replace the output when it is there')
    .option('--json', 'print one line of JSON at the end instead of progress')
    .action(async (input: string, output: string, _flags: TranscodeFlags, command: Command) => {
      process.exitCode = await transcode(input, output, command.optsWithGlobals<TranscodeFlags>())
    })
}

async function transcode(input: string, output: string, flags: TranscodeFlags): Promise<number> {
  // Before anything is made of it.
  if (!wholeFileName.test(output))
    throw new PacelineError('E_USAGE', `the name of ${output} ends in none of .mp4, .mkv and .ts`)
  const client = await openApiClient(dataFolderOf(flags.data))
  const { height, codec, quality, preset, audio, audioBitrate, overwrite = false } = flags
  const order = {
    codec,
    quality,
    preset,
    audio,
    audioBitrate,
    overwrite,
    ...(height !== undefined && { height }),
  }
  const body = { input: resolve(input), output: resolve(output), ...order }
  const line = openProgressLine(process.stderr, !flags.json)
  const signal = interruptSignal()
  try {
    for await (const told of client.stream<Told>('/transcodes', body, signal)) {
      if (told.type === 'progress')
        line.show(told.percent, `${told.speed.toFixed(2)}x  ${sharesText(told.nodes)}`)
      else return conclude(told, line, flags.json ?? false)
    }
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted
    throw error
  } finally {
    line.clear()
  }
  process.stderr.write('paceline: the head went away before the file was done\n')
  return exitCodes.headUnreachable
}

function conclude(told: Exclude<Told, { type: 'progress' }>, line: { clear(): void }, json: boolean): number {
  line.clear()
  if (told.type === 'failed') {
    process.stderr.write(
      printableLines(
        `paceline: ${told.message}\n${told.hint === undefined ? '' : `          ${told.hint}\n`}`,
      ),
    )
    return exitCodeOf(told.code)
  }
  const { frames, seconds, speed, nodes } = told
  process.stdout.write(
    json
      ? `${JSON.stringify({ frames, seconds, speed, nodes })}\n`
      : `${frames} frames in ${seconds.toFixed(1)} s, ${speed.toFixed(2)}x real time; ${sharesText(nodes)}\n`,
  )
  return exitCodes.ok
}

function sharesText(nodes: Shares): string {
  return Object.entries(nodes)
    .map(([name, { segments }]) => `${printable(name)}: ${segments}`)
    .join(', ')
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.')
  return Number(text)
}
