import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { PacelineError } from '../../errors.ts'
import { interruptSignal } from '../interrupt.ts'
import { type PathRule, parsePathRule } from '../path-rule.ts'

interface NodeFlags {
  readonly join?: string
  readonly joinFile?: string
  readonly name?: string
  readonly ffmpeg: string
  readonly map: readonly string[]
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
    .option('--join-file <path>', 'read the token from a file, so that no process list shows it')
    .option('--name <name>', 'name for people, instead of the one in the token')
    .addOption(new Option('--ffmpeg <path>', 'ffmpeg to run').default('ffmpeg').env('PACELINE_FFMPEG'))
    .option(
      '--map <head=here>',
      "folder of the head's that is here too; may be given several times",
      collect,
      [],
    )
    .option('--json', 'log as JSON')
    .addOption(new Option('--tied').hideHelp())
    .action(async (_flags: NodeFlags, command: Command) => runAgent(command.optsWithGlobals<NodeFlags>()))
}

async function runAgent(flags: NodeFlags): Promise<void> {
  const signal = interruptSignal(flags.tied)
  const { runNode } = await import('../../node/main.ts')
  await runNode({
    token: await tokenOf(flags),
    ffmpeg: flags.ffmpeg,
    json: flags.json ?? false,
    signal,
    maps: flags.map.map(ruleOf),
    ...(flags.name !== undefined && { name: flags.name }),
  })
}

async function tokenOf(flags: NodeFlags): Promise<string> {
  if (flags.joinFile !== undefined) return readFile(flags.joinFile, 'utf8')
  if (flags.join !== undefined) return flags.join
  throw new PacelineError('E_USAGE', 'paceline node needs --join TOKEN', {
    hint: 'Run `paceline token` on the head and give what it prints.',
  })
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
