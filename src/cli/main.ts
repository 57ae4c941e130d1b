import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addConfig } from './commands/config.ts'
import { addDashboard } from './commands/dashboard.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEnergy } from './commands/energy.ts'
import { addHead } from './commands/head.ts'
import { addInstall } from './commands/install.ts'
import { addLogs } from './commands/logs.ts'
import { addNode } from './commands/node.ts'
import { addNodes } from './commands/nodes.ts'
import { addObserved } from './commands/observed.ts'
import { addPassword } from './commands/password.ts'
import { addPlan } from './commands/plan.ts'
import { addSimulate } from './commands/simulate.ts'
import { addStatus } from './commands/status.ts'
import { addToken } from './commands/token.ts'
import { addTranscode } from './commands/transcode.ts'
import { addUninstall } from './commands/uninstall.ts'
import { addUp } from './commands/up.ts'
import { complain } from './complain.ts'
import { exitCodes } from './exit-codes.ts'

const program = new Command('paceline')
  .description('Moves media server transcoding to a row of small boards.')
  .version(ownVersion())
  .option('--data <folder>', "the head's data folder (PACELINE_DATA)")
  .option(
    '--config <file>',
    'the configuration, instead of paceline.yaml in the data folder (PACELINE_CONFIG)',
  )
  .showHelpAfterError('(paceline --help lists the commands)')
  .exitOverride()

for (const add of [
  addUp,
  addHead,
  addNode,
  addNodes,
  addToken,
  addStatus,
  addEnergy,
  addLogs,
  addDashboard,
  addPassword,
  addTranscode,
  addPlan,
  addSimulate,
  addConfig,
  addDoctor,
  addInstall,
  addUninstall,
  addObserved,
])
  add(program)

process.exitCode = await run()

async function run(): Promise<number> {
  try {
    await program.parseAsync()
    return Number(process.exitCode ?? exitCodes.ok)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return complain(error)
  }
}

/** package.json lies two folders up from src/cli as well as from dist/cli. */
function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
