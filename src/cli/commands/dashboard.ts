import { type Command, Option } from 'commander'
import { openApiClient } from '../api-client.ts'
import { dashboardLink } from '../dashboard-link.ts'
import { dataFolderOf } from '../data-folder.ts'

interface DashboardFlags {
  readonly data?: string
  readonly role: 'admin' | 'viewer'
  readonly json?: true
}

/** `paceline dashboard`: a link that signs in once. */
export function addDashboard(program: Command): void {
  program
    .command('dashboard')
    .description('print a link that opens the dashboard, signed in')
    .addOption(new Option('--role <role>', 'as whom').choices(['admin', 'viewer']).default('admin'))
    .option('--json', 'print JSON')
    .action(async (_flags: DashboardFlags, command: Command) =>
      printLink(command.optsWithGlobals<DashboardFlags>()),
    )
}

async function printLink({ data, role, json }: DashboardFlags): Promise<void> {
  const link = await dashboardLink(await openApiClient(dataFolderOf(data)), role)
  process.stdout.write(json ? `${JSON.stringify(link)}\n` : `${link.url}\n`)
  if (json || !process.stdout.isTTY) return
  process.stderr.write(
    '\nIt works once, within ten minutes. The browser does not know the head’s certificate, which it has made itself:\n' +
      'it asks once whether to go on. From another machine, put the address of this one in the place of 127.0.0.1.\n',
  )
}
