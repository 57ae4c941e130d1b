import type { Command } from 'commander'
import { type Config, optionKeys } from './config-schema.ts'

/** What the command line or a variable says comes first. */
const stronger: ReadonlySet<string | undefined> = new Set(['cli', 'env'])

/** Gives a command's options what the configuration says of them, but those that were given. */
export function applyConfig(command: Command, config: Config): void {
  const known = new Set(command.options.map((option) => option.attributeName()))
  for (const [key, option] of Object.entries(optionKeys)) {
    const value = config[key as keyof typeof optionKeys]
    if (value === undefined || !known.has(option)) continue
    if (stronger.has(command.getOptionValueSource(option))) continue
    command.setOptionValueWithSource(option, value, 'config')
  }
}
