import { type Command, InvalidArgumentError, Option } from 'commander'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'

interface TokenFlags {
  readonly data?: string
  readonly name?: string
  readonly address?: string
  readonly valid: number
  readonly json?: true
}

interface Issued {
  readonly token: string
  readonly name: string | null
  readonly validSeconds: number
}

/** `paceline token`: lets one more node in. */
export function addToken(program: Command): void {
  program
    .command('token')
    .description('print a token with which one more node may join')
    .option('--name <name>', 'name of the node; one that has it already is replaced')
    .addOption(
      new Option('--address <host>', 'address of this machine that the node shall use').env(
        'PACELINE_ADDRESS',
      ),
    )
    .addOption(
      new Option('--valid <seconds>', 'how long it may be used, an hour at most')
        .argParser(seconds)
        .default(hourSeconds),
    )
    .option('--json', 'print JSON')
    .action(async (_flags: TokenFlags, command: Command) => printToken(command.optsWithGlobals<TokenFlags>()))
}

async function printToken(flags: TokenFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const issued = await client.post<Issued>('/tokens', {
    validSeconds: flags.valid,
    ...(flags.name !== undefined && { name: flags.name }),
    ...(flags.address !== undefined && { address: flags.address }),
  })
  process.stdout.write(`${flags.json ? JSON.stringify(issued) : issued.token}\n`)
  if (flags.json || !process.stdout.isTTY) return
  const minutes = Math.ceil(issued.validSeconds / 60)
  process.stderr.write(
    `\nIt lets in one node, once, within ${minutes} minutes. On that machine:\n\n  paceline node --join TOKEN\n\n`,
  )
}

const hourSeconds = 3_600

function seconds(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > hourSeconds)
    throw new InvalidArgumentError(`A number of seconds from 1 to ${hourSeconds}.`)
  return value
}
