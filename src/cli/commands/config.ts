import type { Command } from 'commander'
import type { PowerSettings } from '../../power/power-settings.ts'
import { printable } from '../../printable.ts'
import { dataFolderOf } from '../data-folder.ts'
import { exitCodes } from '../exit-codes.ts'

interface ConfigFlags {
  readonly data?: string
  readonly config?: string
  readonly json?: true
}

/** `paceline config check`: whether the configuration is what the head wants. */
export function addConfig(program: Command): void {
  const config = program.command('config').description('the configuration')
  config
    .command('check')
    .description('read the configuration as the head would, and say what is wrong in it')
    .option('--json', 'print JSON')
    .action(async (_flags: ConfigFlags, command: Command) => {
      process.exitCode = await check(command.optsWithGlobals<ConfigFlags>())
    })
}

async function check(flags: ConfigFlags): Promise<number> {
  const { faultText, findConfig } = await import('../config/read-config.ts')
  const { file, config, faults } = await findConfig({
    named: flags.config ?? process.env.PACELINE_CONFIG,
    dataFolder: dataFolderOf(flags.data),
    environment: process.env,
  })
  const notes = config?.power ? await notesOn(config.power, config.firstResponder !== 'off') : []
  if (flags.json)
    process.stdout.write(`${JSON.stringify({ file, isValid: config !== null, faults, notes })}\n`)
  else if (config === null) {
    process.stderr.write(`paceline: E_CONFIG: ${file ?? 'variables'}\n`)
    for (const fault of faults) process.stderr.write(`  ${faultText(fault)}\n`)
  } else {
    process.stdout.write(`${file ?? 'There is no configuration, and it'} is valid.\n`)
    for (const note of notes) process.stderr.write(`  ${printable(note)}\n`)
  }
  return config === null ? exitCodes.usage : exitCodes.ok
}

async function notesOn(power: PowerSettings, hasResponder: boolean): Promise<readonly string[]> {
  const { settingsNotes } = await import('../../power/settings-notes.ts')
  return settingsNotes(power, [], hasResponder)
}
