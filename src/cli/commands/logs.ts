import { type Command, InvalidArgumentError, Option } from 'commander'
import { printable } from '../../printable.ts'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'

interface LogsFlags {
  readonly data?: string
  readonly session?: string
  readonly node?: string
  readonly last: number
  readonly json?: true
}

/** See LogLine of the API. */
export interface ShownLogLine {
  readonly atMs: number
  readonly level: string
  readonly from: string
  readonly message: string
  readonly session: string | null
  readonly fields: Readonly<Record<string, unknown>>
}

/** `paceline logs`: what head and nodes wrote last. */
export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('print what the head and its nodes wrote last')
    .option('--session <id>', 'only what is about this session, of the head and all nodes that worked for it')
    .addOption(new Option('--node <node>', 'the log of a node, by name or id').conflicts('session'))
    .addOption(new Option('--last <count>', 'how many lines of each').argParser(count).default(100))
    .option('--json', 'print JSON, a line each')
    .action(async (_flags: LogsFlags, command: Command) => printLogs(command.optsWithGlobals<LogsFlags>()))
}

async function printLogs({ data, session, node, last, json }: LogsFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(data))
  const query = new URLSearchParams({
    last: String(last),
    ...(session !== undefined && { session }),
    ...(node !== undefined && { node }),
  })
  const lines = await client.get<readonly ShownLogLine[]>(`/logs?${query}`)
  for (const line of lines) process.stdout.write(`${json ? JSON.stringify(line) : logText(line)}\n`)
}

export function logText({ atMs, level, from, message, session, fields }: ShownLogLine): string {
  const at = new Date(atMs).toISOString().slice(11, 23)
  const about = session === null ? '' : ` [${session}]`
  const more = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`
  return printable(`${at} ${level} ${from}${about}: ${message}${more}`)
}

function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > 1_000)
    throw new InvalidArgumentError('A number from 1 to 1000.')
  return value
}
