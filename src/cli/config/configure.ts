import type { Command } from 'commander'
import { dataFolderOf } from '../data-folder.ts'
import type { Config } from './config-schema.ts'

/**
 * Reads the configuration for a command that has options in it, and gives it what was not said otherwise.
 *
 * @throws PacelineError E_CONFIG with every fault, its key and line
 */
export async function configure(command: Command): Promise<Config> {
  const flags = command.optsWithGlobals<{ readonly data?: string; readonly config?: string }>()
  const [{ readConfig }, { applyConfig }] = await Promise.all([
    import('./read-config.ts'),
    import('./apply-config.ts'),
  ])
  const config = await readConfig({
    named: flags.config ?? process.env.PACELINE_CONFIG,
    dataFolder: dataFolderOf(flags.data),
    environment: process.env,
  })
  applyConfig(command, config)
  return config
}
