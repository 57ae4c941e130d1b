import { join, resolve } from 'node:path'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'

export interface PlayOptions {
  readonly film: string
  readonly transcoder: string
  readonly head?: string
  readonly original?: string
  readonly protocol: 'hls' | 'dash'
  readonly start: number
  readonly segment: number
  readonly oldLayout?: true
  readonly throttle?: readonly [number, number]
  readonly kill?: number
  readonly seek?: readonly [number, number]
  readonly removeFolder?: number
  readonly optimise?: true
  readonly thumbnails?: true
  readonly recording?: string
  readonly keep?: string
  readonly json?: true
}

const plexTranscoder = '/usr/lib/plexmediaserver/Plex Transcoder'

/** Reads the command line; a string is what to tell who has written another one. */
export function readPlayOptions(
  argv: readonly string[],
  write: (text: string) => void,
): PlayOptions | number {
  const program = new Command('npm run stand-in:plex --')
    .description('Plays a film as Plex Media Server would, through its transcoder or the shim in its place.')
    .argument('<film>', 'a media file')
    .option('--transcoder <path>', 'the program that Plex starts, or its folder', plexTranscoder)
    .option('--head <address>', 'unix:/path of the head, for a shim that is not installed')
    .option('--original <path>', 'the transcoder that such a shim becomes')
    .addOption(new Option('--protocol <name>').choices(['hls', 'dash']).default('hls'))
    .option('--start <seconds>', 'begin there: a multiple of the segments’ length', number, 0)
    .option('--segment <seconds>', 'length of a segment', number, 3)
    .option('--old-layout', 'the arguments in the order of older servers')
    .option('--throttle <from-to>', 'ask for less between these seconds', range)
    .option('--kill <seconds>', 'kill the transcoder then, as Plex stops a session', number)
    .option('--seek <after-to>', 'after so many seconds begin at that one, and kill the first session', range)
    .option('--remove-folder <seconds>', 'remove the session’s folder then', number)
    .option('--optimise', 'make an optimised version instead of a session')
    .option('--thumbnails', 'make preview pictures instead of a session')
    .option('--recording <file>', 'the arguments of a recorded job instead')
    .option('--keep <folder>', 'make the sessions there, and leave their files')
    .option('--json', 'print one JSON document')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write })
  try {
    program.parse([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  const options = program.opts<Omit<PlayOptions, 'film'>>()
  if (options.start % options.segment !== 0) {
    write(`--start ${options.start} is no multiple of --segment ${options.segment}\n`)
    return 2
  }
  const { transcoder } = options
  const isFolder = !/transcoder|shim/i.test(transcoder.split('/').at(-1) ?? '')
  return {
    ...options,
    film: resolve(program.args[0] ?? ''),
    transcoder: resolve(isFolder ? join(transcoder, 'Plex Transcoder') : transcoder),
  }
}

function number(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Seconds.')
}

function range(text: string): readonly [number, number] {
  const [, from, to] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (from !== undefined && to !== undefined) return [Number(from), Number(to)]
  throw new InvalidArgumentError('Two numbers of seconds, such as 5-12.')
}
