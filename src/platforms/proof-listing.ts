import { parseFilterGraph } from '../command/parse-filter-graph.ts'

/** What a binary says that it has. It proves nothing; what is not in it need not be tried. */
export interface Listing {
  readonly encoders: ReadonlySet<string>
  readonly decoders: ReadonlySet<string>
  readonly filters: ReadonlySet<string>
  /** Kinds of devices. */
  readonly devices: ReadonlySet<string>
}

/** Names in what `-encoders`, `-decoders` or `-filters` prints: the word behind the flags of each line. */
export function listedNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^ [A-Z.|]{2,7} +([A-Za-z0-9_-]+) /gm)].map((match) => match[1]!))
}

/** Names in what `-hwaccels` or `-init_hw_device list` prints: a line each behind a heading. */
export function listedDevices(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => /^(\w+)\s*$/.exec(line)?.[1] ?? []))
}

/** The first thing in a command that a binary does not even list, in plain words; null where all is there. */
export function unlistedIn(args: readonly string[], listing: Listing): string | null {
  const input = args.indexOf('-i')
  for (const [index, word] of args.entries()) {
    const missing = missingOf(word, args[index + 1] ?? '', index < input, listing)
    if (missing) return missing
  }
  return null
}

function missingOf(option: string, value: string, isBefore: boolean, listing: Listing): string | null {
  const lacks = (what: string, names: ReadonlySet<string>, name = value) =>
    names.has(name) ? null : `this ffmpeg has no ${what} ${name}`
  switch (option) {
    case '-c:v':
      return isBefore ? lacks('decoder', listing.decoders) : lacks('encoder', listing.encoders)
    case '-hwaccel':
      return lacks('device', listing.devices)
    case '-init_hw_device':
      return lacks('device', listing.devices, value.split(/[=:]/)[0])
    case '-vf':
      return missingFilter(value, listing)
    default:
      return null
  }
}

function missingFilter(text: string, { filters }: Listing): string | null {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error') return null
  const names = graph.chains.flatMap((chain) => chain.filters.map(({ name }) => name))
  const missing = names.find((name) => !filters.has(name))
  return missing === undefined ? null : `this ffmpeg has no filter ${missing}`
}
