import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { PacelineError } from '../../errors.ts'
import type { PowerModel } from '../../power/meters/model.ts'
import { dataFolderOf } from '../data-folder.ts'
import { departureSignals } from '../interrupt.ts'
import { type PathRule, parsePathRule } from '../path-rule.ts'
import { usualFfmpeg } from '../usual-ffmpeg.ts'

interface NodeFlags {
  readonly data?: string
  readonly join?: string
  readonly joinFile?: string
  readonly name?: string
  readonly ffmpeg: string
  readonly map: readonly string[]
  readonly powerBy?: string
  readonly idleWatts?: number
  readonly busyWatts?: number
  readonly json?: true
  readonly tied?: true
}

/** `paceline node --join TOKEN`: an agent on a computer that takes leases. */
export function addNode(program: Command): void {
  program
    .command('node')
    .description('run a node: join a head and work for it')
    .addOption(
      new Option('--join <token>', 'the token that `paceline token` printed on the head').env(
        'PACELINE_TOKEN',
      ),
    )
    .option(
      '--join-file <path>',
      'read the token from a file, or with - from standard input, so that no process list shows it',
    )
    .option('--name <name>', "name for people, instead of this machine's")
    .addOption(new Option('--ffmpeg <path>', 'ffmpeg to run').default(usualFfmpeg()).env('PACELINE_FFMPEG'))
    .option(
      '--map <head=here>',
      "folder of the head's that is here too; may be given several times",
      collect,
      [],
    )
    .addOption(
      new Option(
        '--power-by <program>',
        'let the head power this machine off or suspend it by this program (systemctl)',
      ).env('PACELINE_POWER_BY'),
    )
    .addOption(
      new Option('--idle-watts <watts>', 'what it draws at rest, where no sensor tells')
        .argParser(watts)
        .env('PACELINE_IDLE_WATTS'),
    )
    .addOption(
      new Option('--busy-watts <watts>', 'what it draws with all processors busy')
        .argParser(watts)
        .env('PACELINE_BUSY_WATTS'),
    )
    .option('--json', 'log as JSON')
    .addOption(new Option('--tied').hideHelp())
    .action(async (_flags: NodeFlags, command: Command) => runAgent(command.optsWithGlobals<NodeFlags>()))
}

async function runAgent(flags: NodeFlags): Promise<void> {
  const { leave, stop: signal } = departureSignals(flags.tied)
  const [{ runNode }, token] = await Promise.all([import('../../node/main.ts'), tokenOf(flags)])
  await runNode({
    folder: join(dataFolderOf(flags.data), 'node'),
    ...(token !== undefined && { token }),
    ffmpeg: flags.ffmpeg,
    json: flags.json ?? false,
    ...{ signal, leave },
    maps: flags.map.map(ruleOf),
    ...(flags.powerBy !== undefined && { powerProgram: flags.powerBy }),
    powerModel: powerModelOf(flags),
    ...(flags.name !== undefined && { name: flags.name }),
  })
}

function powerModelOf({ idleWatts, busyWatts }: NodeFlags): PowerModel | undefined {
  if (idleWatts === undefined && busyWatts === undefined) return undefined
  if (idleWatts !== undefined && busyWatts !== undefined && idleWatts <= busyWatts)
    return { idleWatts, busyWatts, offWatts: 0 }
  throw new PacelineError('E_USAGE', '--idle-watts and --busy-watts', {
    hint: 'Give both, the idle watts not above the busy ones: --idle-watts 2.8 --busy-watts 9.7',
  })
}

function watts(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 10_000) return value
  throw new InvalidArgumentError('Watts are a number from 0 to 10000.')
}

async function tokenOf({ joinFile, join: given }: NodeFlags): Promise<string | undefined> {
  if (joinFile === '-') return text(process.stdin)
  if (joinFile !== undefined) return readFile(joinFile, 'utf8')
  return given
}

function ruleOf(text: string): PathRule {
  const rule = parsePathRule(text)
  if (rule) return rule
  throw new PacelineError('E_USAGE', `--map ${text}`, {
    hint: "Give a folder of the head's and where it is here: --map /media=/mnt/nas/media",
  })
}

function collect(value: string, former: readonly string[]): string[] {
  return [...former, value]
}
