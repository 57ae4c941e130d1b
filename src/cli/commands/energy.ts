import type { Command } from 'commander'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'
import { energyText, type ShownEnergyReport } from '../energy-text.ts'

interface EnergyFlags {
  readonly data?: string
  readonly json?: true
}

/** `paceline energy`: what everything has drawn, and what it would have been otherwise. */
export function addEnergy(program: Command): void {
  program
    .command('energy')
    .description('show the energy of nodes and sessions, and what it would have been otherwise')
    .option('--json', 'print JSON, as the API gives it')
    .action(async (_flags: EnergyFlags, command: Command) =>
      printEnergy(command.optsWithGlobals<EnergyFlags>()),
    )
}

async function printEnergy(flags: EnergyFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const report = await client.get<ShownEnergyReport>('/energy')
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : energyText(report))
}
