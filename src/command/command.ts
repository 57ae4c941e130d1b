import type { MetadataTarget } from './metadata-target.ts'
import type { MediaLetter, OptionRow } from './options/row.ts'
import type { Tool } from './options/rows.ts'
import type { SpecifierError, StreamSpecifier } from './stream-specifier.ts'

/** An option as it stands in a command line, with its value where it takes one. */
export interface CommandOption {
  readonly kind: 'option'
  /** Where its name stands in the list of arguments, from 0. */
  readonly index: number
  /** The name as written: `-c:v:0`, `-noaccurate_seek`. */
  readonly spelling: string
  /** The next argument; null for flags, and where the arguments ended too soon. */
  readonly value: string | null
  /** The name that all spellings share (`codec`), without `no`; as written where no table has it. */
  readonly name: string
  /** What follows the name and a colon; null where there is no colon. */
  readonly specifier: StreamSpecifier | MetadataTarget | SpecifierError | null
  /** The media that the name alone says (`vf`: `v`); it counts only where there is no specifier. */
  readonly media: MediaLetter | null
  /** Switched off by a leading `no`. */
  readonly negated: boolean
  /** What the tables say; null for an unknown option. */
  readonly row: OptionRow | null
}

export interface InputFile {
  readonly kind: 'input'
  readonly index: number
  /** The address as written: `file:/a.mkv`, `-`, `http://...`. */
  readonly path: string
  /** `-i`; null where the address stands alone, as ffprobe allows. */
  readonly flag: '-i' | null
  /** The options that stand before it and bind to it, in order. */
  readonly options: readonly CommandOption[]
}

export interface OutputFile {
  readonly kind: 'output'
  readonly index: number
  /** The name as written; `-` is standard output. */
  readonly path: string
  readonly options: readonly CommandOption[]
}

/** `--`: what follows is a file's name even if it looks like an option. */
export interface Separator {
  readonly kind: 'separator'
  readonly index: number
}

export type CommandPart = CommandOption | InputFile | OutputFile | Separator

export type ProblemKind = 'missing-value' | 'bad-specifier' | 'trailing-option' | 'no-input' | 'no-output'

/** Something that FFmpeg would refuse, ignore or fail on; a problem never stops the parser. */
export interface CommandProblem {
  readonly kind: ProblemKind
  /** The argument it is about, null when it is about the whole line. */
  readonly index: number | null
  readonly text: string
}

export interface UnknownOption {
  readonly option: CommandOption
  readonly index: number
}

/** A command line as data. `parts` holds every argument in order; the other lists point into it. */
export interface Command {
  readonly tool: Tool
  readonly parts: readonly CommandPart[]
  /** Options of the whole run, wherever they stand. */
  readonly globals: readonly CommandOption[]
  readonly inputs: readonly InputFile[]
  readonly outputs: readonly OutputFile[]
  /** Options of a file that no file follows: FFmpeg ignores them. */
  readonly trailing: readonly CommandOption[]
  readonly unknown: readonly UnknownOption[]
  readonly problems: readonly CommandProblem[]
}
