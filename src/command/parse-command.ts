import type {
  Command,
  CommandOption,
  CommandPart,
  CommandProblem,
  InputFile,
  OutputFile,
  ProblemKind,
} from './command.ts'
import type { Tool } from './options/rows.ts'
import { parseOption } from './parse-option.ts'

/** Options of ffprobe that answer without a file. */
const answersAlone = new Set([
  'show_program_version',
  'show_library_versions',
  'show_versions',
  'show_pixel_formats',
])

/**
 * Reads a command line as FFmpeg's own parser does: an option binds to the file that follows it, global options count
 * anywhere (old Plex servers write them after the last output), an argument without a dash is an output's name, and
 * `-` too. Never throws: what FFmpeg would refuse is listed in `unknown` and `problems`, and printing gives back
 * exactly the arguments.
 * @param argv the arguments without the program's name.
 */
export function parseCommand(argv: readonly string[], tool: Tool = 'ffmpeg'): Command {
  const parts = tool === 'ffmpeg' ? splitFfmpeg(argv) : splitFfprobe(argv)
  const options = parts.filter((part) => part.kind === 'option')
  const inputs = parts.filter((part) => part.kind === 'input')
  const outputs = parts.filter((part) => part.kind === 'output')
  const bound = new Set([...inputs, ...outputs].flatMap((file) => file.options))
  const globals = options.filter(isGlobal)
  const trailing = options.filter((option) => !isGlobal(option) && !bound.has(option))
  return {
    tool,
    parts,
    globals,
    inputs,
    outputs,
    trailing,
    unknown: options
      .filter((option) => option.row === null && !isBareInput(option))
      .map((option) => ({ option, index: option.index })),
    problems: [...optionProblems(options, trailing), ...fileProblems(tool, globals, inputs, outputs)],
  }
}

function splitFfmpeg(argv: readonly string[]): CommandPart[] {
  const parts: CommandPart[] = []
  let pending: CommandOption[] = []
  let named = false
  for (let index = 0; index < argv.length; ) {
    const text = argv[index] ?? ''
    const path = argv[index + 1]
    if (text === '--') {
      parts.push({ kind: 'separator', index })
      named = true
      index += 1
      continue
    }
    if (named || !isOption(text)) {
      parts.push({ kind: 'output', index, path: text, options: pending })
      pending = []
      index += 1
    } else if (text === '-i' && path !== undefined) {
      parts.push({ kind: 'input', index, path, flag: '-i', options: pending })
      pending = []
      index += 2
    } else {
      const option = parseOption(argv, index, 'ffmpeg')
      parts.push(option)
      if (!isGlobal(option)) pending.push(option)
      index += option.value === null ? 1 : 2
    }
    named = false
  }
  return parts
}

/** ffprobe reads all options before it opens its file, so they bind to it wherever they stand. */
function splitFfprobe(argv: readonly string[]): CommandPart[] {
  const parts: CommandPart[] = []
  const options: CommandOption[] = []
  let named = false
  const bindOnce = (): readonly CommandOption[] =>
    parts.some((part) => part.kind === 'input') ? [] : options
  for (let index = 0; index < argv.length; ) {
    const text = argv[index] ?? ''
    const path = argv[index + 1]
    if (text === '--' && !named) {
      parts.push({ kind: 'separator', index })
      named = true
      index += 1
    } else if (named || !isOption(text)) {
      parts.push({ kind: 'input', index, path: text, flag: null, options: bindOnce() })
      index += 1
    } else if (text === '-i' && path !== undefined) {
      parts.push({ kind: 'input', index, path, flag: '-i', options: bindOnce() })
      index += 2
    } else {
      const option = parseOption(argv, index, 'ffprobe')
      parts.push(option)
      if (!isGlobal(option)) options.push(option)
      index += option.value === null ? 1 : 2
    }
  }
  return parts
}

function isOption(text: string): boolean {
  return text.startsWith('-') && text.length > 1
}

function isGlobal(option: CommandOption): boolean {
  return option.row?.scope === 'global'
}

function lacksValue(option: CommandOption): boolean {
  const needsValue = isBareInput(option) || option.row?.arity === 'value'
  return needsValue && option.value === null && !option.negated
}

/** Prints something about the build and ends the program, so that no file is needed. */
function isListing(option: CommandOption): boolean {
  return option.row?.arity === 'listing'
}

function isBareInput(option: CommandOption): boolean {
  return option.spelling === '-i'
}

function optionProblems(
  options: readonly CommandOption[],
  trailing: readonly CommandOption[],
): CommandProblem[] {
  const found: CommandProblem[] = []
  const add = (kind: ProblemKind, option: CommandOption, what: string): void => {
    found.push({ kind, index: option.index, text: `${option.spelling} ${what}` })
  }
  for (const option of options) {
    if (lacksValue(option)) add('missing-value', option, 'has no value')
    if (option.specifier?.kind === 'invalid' && option.row !== null) {
      add('bad-specifier', option, 'names its streams in a way that FFmpeg does not know')
    }
  }
  const printsOnly = options.some(isListing)
  for (const option of trailing) {
    if (option.row === null || printsOnly || lacksValue(option)) continue
    add('trailing-option', option, 'stands after the last file and changes nothing')
  }
  return found
}

function fileProblems(
  tool: Tool,
  globals: readonly CommandOption[],
  inputs: readonly InputFile[],
  outputs: readonly OutputFile[],
): CommandProblem[] {
  if (globals.some(isListing)) return []
  if (tool === 'ffmpeg') {
    return outputs.length > 0 ? [] : [{ kind: 'no-output', index: null, text: 'no output is named' }]
  }
  const alone = globals.some((option) => answersAlone.has(option.name))
  return inputs.length > 0 || alone ? [] : [{ kind: 'no-input', index: null, text: 'no input is named' }]
}
