import type { Command } from './command.ts'

const shown = 5

/**
 * One sentence that says why a command is not fully understood, for the log line of a job that stays local.
 * @returns null when every option is known and nothing is wrong.
 */
export function describeUnknown(command: Command): string | null {
  if (command.unknown.length > 0) {
    const names = command.unknown.map(({ option, index }) => `${option.spelling} (argument ${index + 1})`)
    return `${command.unknown.length === 1 ? 'An option is' : 'Options are'} unknown: ${list(names)}.`
  }
  if (command.problems.length === 0) return null
  return `The command is not complete: ${list(command.problems.map(({ text }) => text))}.`
}

function list(names: readonly string[]): string {
  const rest = names.length - shown
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ')
}
