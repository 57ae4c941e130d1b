import type { Command, CommandOption, OutputFile } from './command.ts'
import { isMedia, type StreamFacts, selectStreams } from './select-streams.ts'
import { parseStreamMap, type StreamMap } from './stream-map.ts'
import { wordTable } from './word-table.ts'

/** Anything with options: an input, an output. */
export interface HasOptions {
  readonly options: readonly CommandOption[]
}

/** All options of one name (`codec` for `-c`, `-vcodec`...), in order. */
export function optionsOf(file: HasOptions, name: string): readonly CommandOption[] {
  return file.options.filter((option) => option.name === name)
}

/** The value of the last option of that name, whatever streams it is for; null when there is none. */
export function lastValue(options: readonly CommandOption[], name: string): string | null {
  return options.findLast((option) => option.name === name)?.value ?? null
}

/** Whether a flag is on: the last of `-name` and `-noname` decides. */
export function hasFlag(options: readonly CommandOption[], name: string): boolean {
  const last = options.findLast((option) => option.name === name)
  return last !== undefined && !last.negated && last.value !== '0'
}

/**
 * The option that holds for one stream: of those that mean it, the last (as FFmpeg decides).
 * @param streams all streams of the file, in order: of an output, one for each stream that its maps make.
 * @param position of the stream in `streams`.
 */
export function streamOption(
  file: HasOptions,
  name: string,
  streams: readonly StreamFacts[],
  position: number,
): CommandOption | null {
  return optionsOf(file, name).findLast((option) => means(option, streams, position)) ?? null
}

/** The value of that option, null when there is none. */
export function streamValue(
  file: HasOptions,
  name: string,
  streams: readonly StreamFacts[],
  position: number,
): string | null {
  return streamOption(file, name, streams, position)?.value ?? null
}

/** The options that hold for one stream, one for each name, in the order in which they were decided. */
export function streamOptions(
  file: HasOptions,
  streams: readonly StreamFacts[],
  position: number,
): readonly CommandOption[] {
  const byName = new Map<string, CommandOption>()
  for (const option of file.options) {
    if (option.row?.scope !== 'stream' || !means(option, streams, position)) continue
    byName.delete(option.name)
    byName.set(option.name, option)
  }
  return [...byName.values()]
}

function means(option: CommandOption, streams: readonly StreamFacts[], position: number): boolean {
  const { specifier } = option
  if (specifier === null) {
    const stream = streams[position]
    return option.media === null || (stream !== undefined && isMedia(stream, option.media))
  }
  if (specifier.kind === 'stream') return selectStreams(specifier.streams, streams).includes(position)
  return specifier.kind === 'streams' && selectStreams(specifier, streams).includes(position)
}

/** What an output's `-map` options say, in order. */
export function mapsOf(output: OutputFile): readonly StreamMap[] {
  return optionsOf(output, 'map').map(({ value }) => parseStreamMap(value ?? ''))
}

/**
 * How a video stream's frames are put on time: `passthrough`, `cfr`, `vfr`, `auto` or `drop`, whether written as
 * `-fps_mode` for the stream, as the older `-vsync` for the run, or as one of its numbers; null when nothing is said.
 */
export function frameRateMode(
  command: Command,
  output: OutputFile,
  streams: readonly StreamFacts[],
  position: number,
): string | null {
  const mode = streamValue(output, 'fps_mode', streams, position) ?? lastValue(command.globals, 'vsync')
  return mode === null ? null : (modeNumbers[mode] ?? mode)
}

const modeNumbers = wordTable<string>({
  '-1': 'auto',
  '0': 'passthrough',
  '1': 'cfr',
  '2': 'vfr',
})
