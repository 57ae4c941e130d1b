import type { Command, CommandPart } from './command.ts'

/** The arguments of a command, exactly as they were parsed: `printCommand(parseCommand(x))` equals `x` for every list. */
export function printCommand(command: Pick<Command, 'parts'>): string[] {
  return command.parts.flatMap(printPart)
}

function printPart(part: CommandPart): string[] {
  switch (part.kind) {
    case 'option':
      return part.value === null ? [part.spelling] : [part.spelling, part.value]
    case 'input':
      return part.flag === null ? [part.path] : [part.flag, part.path]
    case 'output':
      return [part.path]
    case 'separator':
      return ['--']
  }
}
