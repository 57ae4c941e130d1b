import type { MediaLetter, OptionRow } from './row.ts'
import { optionRows, type Tool } from './rows.ts'

/** A name that was looked up. */
export interface FoundOption {
  readonly row: OptionRow
  /** What the spelling says about streams (`vf`: video), null when nothing. */
  readonly media: MediaLetter | null
  /** Written with a leading `no`. */
  readonly negated: boolean
}

const entriesByTool: Readonly<Record<Tool, ReadonlyMap<string, FoundOption>>> = {
  ffmpeg: entriesOf('ffmpeg'),
  ffprobe: entriesOf('ffprobe'),
}

const prefixes: readonly MediaLetter[] = ['v', 'a', 's']

/**
 * Looks a name up as FFmpeg does: the name itself; a codec's option behind a media letter
 * (`vflags` is `flags:v`); a boolean behind `no`. The order is that of the program's own parser.
 * @param name without dash and specifier (`codec`, `noaccurate_seek`).
 * @returns null for an option that no table has.
 */
export function findOption(name: string, tool: Tool): FoundOption | null {
  const entries = entriesByTool[tool]
  const found = entries.get(name)
  if (found !== undefined) return found
  const media = prefixes.find((letter) => name.startsWith(letter))
  const codecRow = media === undefined ? undefined : entries.get(name.slice(1))?.row
  if (media !== undefined && codecRow !== undefined && isCodecOption(codecRow)) {
    return { row: codecRow, media, negated: false }
  }
  const positive = name.startsWith('no') ? entries.get(name.slice(2)) : undefined
  return positive?.row.negatable ? { ...positive, negated: true } : null
}

function isCodecOption(row: OptionRow): boolean {
  return row.families.some((family) => family === 'codec' || family === 'encoder' || family === 'decoder')
}

function entriesOf(tool: Tool): Map<string, FoundOption> {
  const entries = new Map<string, FoundOption>()
  for (const row of optionRows(tool)) {
    for (const { name, media } of row.aliases) entries.set(name, { row, media, negated: false })
  }
  for (const row of optionRows(tool)) entries.set(row.name, { row, media: row.media, negated: false })
  return entries
}
