import { aliasRows, impliedMedia } from './aliases.ts'
import { codecOptions } from './codec-options.ts'
import { decoderOptions } from './decoder-options.ts'
import { demuxerOptions } from './demuxer-options.ts'
import { deviceOptions } from './device-options.ts'
import { encoderOptions } from './encoder-options.ts'
import { fileOptions, metadataOptions } from './file-options.ts'
import { forkOptions } from './fork-options.ts'
import { formatOptions } from './format-options.ts'
import { globalOptions, listingOptions } from './global-options.ts'
import { muxerOptions } from './muxer-options.ts'
import { newerOptions } from './newer-options.ts'
import { probeFileOptions, probeOptions } from './probe-options.ts'
import { protocolOptions } from './protocol-options.ts'
import { resamplerOptions } from './resampler-options.ts'
import type { OptionAlias, OptionFamily, OptionNames, OptionOwner, OptionRow, OptionScope } from './row.ts'
import { scalerOptions } from './scaler-options.ts'
import { streamOptions } from './stream-options.ts'

/** The programs whose command lines are understood. */
export type Tool = 'ffmpeg' | 'ffprobe'

interface Origin {
  readonly owner: OptionOwner
  readonly scope: OptionScope
  readonly family: OptionFamily
  readonly specifier?: OptionRow['specifier']
}

const libraries: readonly (readonly [OptionFamily, OptionScope, Readonly<Record<string, string>>])[] = [
  ['codec', 'stream', codecOptions],
  ['encoder', 'stream', encoderOptions],
  ['decoder', 'stream', decoderOptions],
  ['scaler', 'stream', scalerOptions],
  ['resampler', 'stream', resamplerOptions],
  ['format', 'file', formatOptions],
  ['muxer', 'file', muxerOptions],
  ['demuxer', 'file', demuxerOptions],
  ['protocol', 'file', protocolOptions],
  ['device', 'file', deviceOptions],
]

const aliasesByName = new Map<string, OptionAlias[]>()
for (const [spelling, name, media] of aliasRows) {
  aliasesByName.set(name, [...(aliasesByName.get(name) ?? []), { name: spelling, media }])
}

const rowsByTool: Readonly<Record<Tool, readonly OptionRow[]>> = {
  ffmpeg: collect([
    ...expand(globalOptions, { owner: 'ffmpeg', scope: 'global', family: 'program' }),
    ...expand(listingOptions, { owner: 'ffmpeg', scope: 'global', family: 'program' }),
    ...expand(fileOptions, { owner: 'ffmpeg', scope: 'file', family: 'program' }),
    ...expand(metadataOptions, { owner: 'ffmpeg', scope: 'file', family: 'program', specifier: 'metadata' }),
    ...expand(streamOptions, { owner: 'ffmpeg', scope: 'stream', family: 'program' }),
    ...libraryRows(),
    ...forkOptions.flatMap(({ names, ...origin }) => expand(names, origin)),
  ]),
  ffprobe: collect([
    ...expand(probeOptions, { owner: 'ffprobe', scope: 'global', family: 'program' }),
    ...expand(listingOptions, { owner: 'ffmpeg', scope: 'global', family: 'program' }),
    ...expand(probeFileOptions, { owner: 'ffprobe', scope: 'file', family: 'program' }),
    ...libraryRows(),
    ...forkOptions
      .filter(({ family }) => family !== 'program')
      .flatMap(({ names, ...origin }) => expand(names, origin)),
  ]),
}

/** Every known option of a tool, one row for each name, the other spellings of it listed in the row. */
export function optionRows(tool: Tool): readonly OptionRow[] {
  return rowsByTool[tool]
}

function libraryRows(): OptionRow[] {
  const tabled = libraries.flatMap(([family, scope, table]) =>
    Object.values(table).flatMap((values) => expand({ values }, { owner: 'ffmpeg', scope, family })),
  )
  const newer = newerOptions.flatMap(({ names, ...origin }) => expand(names, { owner: 'ffmpeg', ...origin }))
  return [...tabled, ...newer]
}

function expand(names: OptionNames, origin: Origin): OptionRow[] {
  const rows = (list: string | undefined, arity: OptionRow['arity'], negatable: boolean): OptionRow[] =>
    words(list).map((name) => ({
      name,
      scope: origin.scope,
      arity,
      negatable,
      owner: origin.owner,
      families: [origin.family],
      specifier: origin.specifier ?? 'stream',
      media: origin.family === 'program' ? (impliedMedia[name] ?? null) : null,
      aliases: origin.family === 'program' ? (aliasesByName.get(name) ?? []) : [],
    }))
  return [
    ...rows(names.booleans, 'flag', true),
    ...rows(names.flags, 'flag', false),
    ...rows(names.values, 'value', false),
    ...rows(names.switches, 'switch', true),
    ...rows(names.listings, 'listing', false),
  ]
}

/** The first row of a name decides: the program's own options and spellings hide a library's; families add up. */
function collect(rows: readonly OptionRow[]): OptionRow[] {
  const byName = new Map<string, OptionRow>()
  const spellings = new Set(rows.flatMap(({ aliases }) => aliases.map(({ name }) => name)))
  for (const row of rows) {
    if (spellings.has(row.name)) continue
    const known = byName.get(row.name)
    if (known === undefined) byName.set(row.name, row)
    else if (!known.families.includes(row.families[0] as OptionFamily)) {
      byName.set(row.name, { ...known, families: [...known.families, ...row.families] })
    }
  }
  return [...byName.values()]
}

function words(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(/\s+/).filter((word) => word !== '')
}
