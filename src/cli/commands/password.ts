import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { PacelineError } from '../../errors.ts'
import { openApiClient } from '../api-client.ts'
import { askSecret } from '../ask-secret.ts'
import { dataFolderOf } from '../data-folder.ts'

interface PasswordFlags {
  readonly data?: string
  readonly role: 'admin' | 'viewer'
  readonly remove?: true
  readonly stdin?: true
  readonly json?: true
}

/** `paceline password`: how one signs in to the dashboard from other machines. */
export function addPassword(program: Command): void {
  program
    .command('password')
    .description('set the password of the dashboard')
    .addOption(new Option('--role <role>', 'whose').choices(['admin', 'viewer']).default('admin'))
    .option('--remove', 'take it away: nobody signs in with one any more')
    .option('--stdin', 'read it from standard input instead of asking for it')
    .option('--json', 'print JSON')
    .action(async (_flags: PasswordFlags, command: Command) =>
      setPassword(command.optsWithGlobals<PasswordFlags>()),
    )
}

async function setPassword(flags: PasswordFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const password = flags.remove ? null : await readPassword(flags)
  const answer = await client.put<{ readonly passwords: readonly string[] }>('/password', {
    ...{ role: flags.role, password },
  })
  const done = flags.remove ? 'has none any more' : 'is set; whoever was signed in with it signs in again'
  process.stdout.write(
    flags.json ? `${JSON.stringify(answer)}\n` : `The password of ${flags.role} ${done}.\n`,
  )
}

async function readPassword({ stdin }: PasswordFlags): Promise<string> {
  if (stdin) return (await text(process.stdin)).replace(/\r?\n$/, '')
  if (!process.stdin.isTTY)
    throw new PacelineError('E_USAGE', 'there is nobody to ask', { hint: 'Add --stdin.' })
  const first = await askSecret('New password: ')
  if (first !== (await askSecret('Once more: ')))
    throw new PacelineError('E_PASSWORD', 'the two are not the same')
  return first
}
