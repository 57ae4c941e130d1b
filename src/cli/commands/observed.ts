import { type Command, InvalidArgumentError, Option } from 'commander'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'
import { tableText } from '../table.ts'

interface ObservedFlags {
  readonly data?: string
  readonly last: number
  readonly json?: true
}

/** One of what `GET /api/v1/observed` answers. */
export interface ShownObservation {
  readonly at: string
  readonly title: string
  readonly decision: string
  readonly reason: string | null
  readonly nodes: readonly string[]
  readonly speed: number | null
  readonly basis: string | null
  readonly watts: number | null
}

/** `paceline observed`: what the head would have done with the jobs that it only observed. */
export function addObserved(program: Command): void {
  program
    .command('observed')
    .description('show what the head would have done with the jobs that it only observed')
    .addOption(new Option('--last <count>', 'how many of the last ones').argParser(count).default(100))
    .option('--json', 'print JSON')
    .action(async (_flags: ObservedFlags, command: Command) => {
      const flags = command.optsWithGlobals<ObservedFlags>()
      const client = await openApiClient(dataFolderOf(flags.data))
      const all = await client.get<readonly ShownObservation[]>(`/observed?last=${flags.last}`)
      process.stdout.write(flags.json ? `${JSON.stringify(all)}\n` : observedText(all))
    })
}

export function observedText(all: readonly ShownObservation[]): string {
  if (all.length === 0) return 'Nothing has been observed yet. paceline install plex --observe begins it.\n'
  const rows = all.map(({ at, title, decision, reason, nodes, speed, basis, watts }) => [
    ...[at.slice(0, 19).replace('T', ' '), title, decision],
    nodes.join(' '),
    speed === null ? '' : `${speed}x${basis === 'modelled' ? ' (modelled)' : ''}`,
    watts === null ? '' : `${watts} W`,
    reason ?? '',
  ])
  const planned = all.filter(({ decision }) => decision === 'node').length
  const table = tableText(['time (UTC)', 'what', 'where', 'nodes', 'speed', 'watts', 'why'], rows)
  return `${table}\n${planned} of ${all.length} would have gone to nodes.\n`
}

function count(text: string): number {
  const value = Number(text)
  if (/^[1-9]\d{0,4}$/.test(text) && value <= 10_000) return value
  throw new InvalidArgumentError('A number from 1 to 10000.')
}
