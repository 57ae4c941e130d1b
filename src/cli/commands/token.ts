import { hostname } from 'node:os'
import { type Command, Option } from 'commander'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'

interface TokenFlags {
  readonly data?: string
  readonly name?: string
  readonly address?: string
  readonly json?: true
}

interface Issued {
  readonly id: string
  readonly name: string
  readonly token: string
}

/** `paceline token`: lets one more node in. */
export function addToken(program: Command): void {
  program
    .command('token')
    .description('print a token with which one more node may join')
    .option('--name <name>', 'name of the node; the same name again voids its former token')
    .addOption(
      new Option('--address <host>', 'address of this machine that the node shall use').env(
        'PACELINE_ADDRESS',
      ),
    )
    .option('--json', 'print JSON')
    .action(async (_flags: TokenFlags, command: Command) => printToken(command.optsWithGlobals<TokenFlags>()))
}

async function printToken(flags: TokenFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const name = flags.name ?? `node-${Date.now().toString(36)}`
  const body = { name, ...(flags.address !== undefined && { address: flags.address }) }
  const issued = await client.post<Issued>('/tokens', body)
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(issued)}\n`)
    return
  }
  process.stdout.write(
    `Run this on the new node (it lets in one node, called ${issued.name}, to ${hostname()}):\n\n`,
  )
  process.stdout.write(`  PACELINE_TOKEN=${issued.token} npx paceline node\n\n`)
}
