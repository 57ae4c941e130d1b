import { parseFilterGraph } from '../../command/parse-filter-graph.ts'
import { decoderPieces, devicePieces, encoderPieces, filterPieces } from '../chip-allowance.ts'
import { chips } from '../chips.ts'

/** Values by option, by the encoder, decoder or filter that they are told to. */
export type Told = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** Every word that the tables of chips can put into a command. */
export interface EmittedWords {
  readonly encoders: Told
  readonly decoders: Told
  readonly filters: Told
  /** Kinds of devices and of acceleration. */
  readonly devices: readonly string[]
}

type Collected = Record<string, Record<string, string[]>>

export function emittedWords(): EmittedWords {
  const encoders: Collected = {}
  const decoders: Collected = {}
  const filters: Collected = {}
  const devices = new Set<string>()
  for (const chip of chips) {
    for (const args of devicePieces(chip))
      for (const [, value] of pairs(args)) devices.add(/^[a-z0-9]*/.exec(value)![0])
    for (const args of decoderPieces(chip)) {
      const named = pairs(args).find(([option]) => option === '-c:v')?.[1]
      for (const [option, value] of pairs(args)) if (option === '-hwaccel') devices.add(value)
      if (named !== undefined) addOptions(decoders, named, args)
    }
    for (const [name, args] of encoderPieces(chip)) addOptions(encoders, name, args)
    for (const text of filterPieces(chip)) addFilters(filters, text)
  }
  // `-filter_hw_device` names one of them.
  const names = [...devices].filter((name) => !/^(cu|va|vk|vt|rk|ocl|)$/.test(name))
  return { encoders, decoders, filters, devices: names.sort() }
}

const pairs = (args: readonly string[]): [string, string][] =>
  Array.from({ length: args.length / 2 }, (_, index) => [args[2 * index]!, args[2 * index + 1]!])

function addOptions(collected: Collected, name: string, args: readonly string[]): void {
  const options = collected[name] ?? {}
  collected[name] = options
  for (const [option, value] of pairs(args)) if (!ofCommand.has(option)) add(options, plain(option), value)
}

/** Options of the program, not of a codec. */
const ofCommand = new Set([
  '-c:v',
  '-hwaccel',
  '-filter_hw_device',
  '-hwaccel_device',
  '-hwaccel_output_format',
  '-q:v',
])

const plain = (option: string): string => option.replace(/^-/, '').replace(/:v$/, '')

function add(options: Record<string, string[]>, name: string, value: string): void {
  options[name] = [...new Set([...(options[name] ?? []), value])]
}

function addFilters(filters: Collected, text: string): void {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error') throw new RangeError(text)
  for (const { name, args } of graph.chains.flatMap((chain) => chain.filters)) {
    const options = filters[name] ?? {}
    filters[name] = options
    for (const one of args) if (one.name !== null) add(options, one.name, one.value)
  }
}
