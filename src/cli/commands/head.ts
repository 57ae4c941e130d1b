import { type Command, InvalidArgumentError, Option } from 'commander'
import { createLogRing } from '../../cluster/log-ring.ts'
import { becomeUser } from '../become-user.ts'
import type { Config } from '../config/config-schema.ts'
import { configure } from '../config/configure.ts'
import { dataFolderOf } from '../data-folder.ts'
import { exitCodes } from '../exit-codes.ts'
import { dropHeadMemoryVariables } from '../head-memory.ts'
import { type HeadPlaceFlags, headPlaceOptions } from '../head-options.ts'
import { interruptSignal, untilAborted } from '../interrupt.ts'
import { startResponder } from '../start-responder.ts'
import { usualFfmpeg } from '../usual-ffmpeg.ts'

interface HeadFlags extends HeadPlaceFlags {
  readonly data?: string
  readonly config?: string
  readonly host: string
  readonly port?: number
  readonly natsPort?: number
  readonly nats?: string
  readonly ffmpeg: string
  readonly json?: true
  readonly tied?: true
}

/** `paceline head`: the daemon beside the media server. */
export function addHead(program: Command): void {
  const command = program
    .command('head')
    .description('run the head, the daemon beside the media server')
    .addOption(
      new Option('--host <address>', 'address to listen on for nodes')
        .default('0.0.0.0')
        .env('PACELINE_HOST'),
    )
    .addOption(
      new Option('--port <port>', 'HTTPS port for nodes and the API (kept from the last start)')
        .argParser(port)
        .env('PACELINE_PORT'),
    )
    .addOption(
      new Option('--nats-port <port>', 'port of the own nats-server')
        .argParser(port)
        .env('PACELINE_NATS_PORT'),
    )
    .addOption(new Option('--nats <url>', 'use this NATS server instead of an own one').env('PACELINE_NATS'))
    .addOption(
      new Option('--ffmpeg <path>', 'ffmpeg that joins files, and that the first responder runs')
        .default(usualFfmpeg())
        .env('PACELINE_FFMPEG'),
    )
    .option('--json', 'print one line of JSON when ready; log as JSON')
    .addOption(new Option('--tied').hideHelp())
    .action(async (_flags: HeadFlags, command: Command) => {
      const { power, energy, events } = await configure(command)
      await runHead(command.optsWithGlobals<HeadFlags>(), command, { power, energy, events })
    })
  for (const option of headPlaceOptions()) command.addOption(option)
}

async function runHead(
  flags: HeadFlags,
  command: Command,
  config: Pick<Config, 'power' | 'energy' | 'events'>,
): Promise<void> {
  const [{ startHead }, { openLog }] = await Promise.all([import('../../head/head.ts'), import('../log.ts')])
  dropHeadMemoryVariables(process.env)
  const signal = interruptSignal(flags.tied)
  const recentLog = createLogRing()
  const log = openLog(flags.json ?? false, recentLog.add)
  if (flags.user !== undefined) await becomeUser(flags.user, dataFolderOf(flags.data))
  if (process.getuid?.() === 0) log.warn('the head runs as root, and need not: --user makes it another')
  const starting = startHead({
    dataFolder: dataFolderOf(flags.data),
    host: flags.host,
    port: flags.port,
    natsPort: flags.natsPort,
    natsUrl: flags.nats,
    ffmpeg: flags.ffmpeg,
    doorGroup: flags.doorGroup,
    observe: flags.observe,
    mediaRoots: flags.mediaRoot,
    transcodeRoots: flags.transcodeRoot,
    maxLeaseSegments: maxLeaseSegments(process.env),
    overload: flags.overload,
    responder: {
      mode: flags.firstResponder,
      ffmpeg: flags.ffmpeg,
      start: (folder, ffmpeg) => startResponder(folder, ffmpeg, flags.json ?? false),
    },
    power: config.power,
    energy: config.energy,
    events: config.events,
    version: command.parent?.version() ?? '',
    log,
    recentLog,
  })
  const head = await starting.catch((error: unknown) => {
    // Ctrl-C in a terminal ends nats-server as well, which is then no fault of its own.
    if (signal.aborted) return null
    throw error
  })
  if (head === null) {
    process.exitCode = exitCodes.interrupted
    return
  }
  const ready = { head: head.door, api: head.api }
  process.stdout.write(flags.json ? `${JSON.stringify(ready)}\n` : `The head is ready: ${head.api}\n`)
  await untilAborted(signal)
  await head.close()
}

/** Only tests set it, which want a seam at every segment (docs/testing.md): so it is no option. */
function maxLeaseSegments({ PACELINE_MAX_LEASE_SEGMENTS: text }: NodeJS.ProcessEnv): number | undefined {
  return text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined
}

/** Reads a TCP port, 0 (any) to 65535. Throws InvalidArgumentError, which commander words for the user. */
export function port(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return value
}
