import { parseFilterGraph } from '../command/parse-filter-graph.ts'
import type { PictureOperation, ToneCurve, VideoEncoder } from '../plan/plan.ts'
import type { Capabilities } from './capabilities.ts'
import type { Chip, Depth, EncoderWish } from './chip.ts'
import { debianFacts } from './ffmpeg-words.ts'
import { openclBt2390 } from './opencl.ts'

/**
 * What the tables of chips may put into a command, found out by asking them everything that a plan can ask: words as they
 * stand there, numbers as numbers. What no table says no node does.
 */
export interface ChipAllowance {
  /** By option; `number` where any number may stand. */
  readonly options: ReadonlyMap<string, ReadonlySet<string>>
  /** Names of arguments by filter. */
  readonly filters: ReadonlyMap<string, ReadonlySet<string>>
}

/** Stands for any number. */
export const anyNumber = '{number}'
/** Stands for the path of a render node. */
export const anyRenderNode = '{render-node}'

const sampleNode = '/dev/dri/renderD200'

export function chipAllowance(chips: readonly Chip[]): ChipAllowance {
  const options = new Map<string, Set<string>>()
  const filters = new Map<string, Set<string>>()
  for (const chip of chips) {
    for (const args of [...devicePieces(chip), ...decoderPieces(chip)]) allowOptions(options, args)
    for (const [name, args] of encoderPieces(chip)) allowOptions(options, ['-c:v', name, ...args])
    for (const text of filterPieces(chip)) allowFilters(filters, text)
  }
  return { options, filters }
}

function allowOptions(options: Map<string, Set<string>>, args: readonly string[]): void {
  for (let at = 0; at < args.length; at += 2) {
    const value = args[at + 1]!.replace(sampleNode, anyRenderNode)
    const values = options.get(args[at]!) ?? new Set()
    options.set(args[at]!, values.add(/^\d+(\.\d+)?$/.test(value) ? anyNumber : value))
  }
}

function allowFilters(filters: Map<string, Set<string>>, text: string): void {
  const graph = parseFilterGraph(text)
  if (graph.kind === 'error') throw new RangeError(`no filters: ${text}`)
  for (const { name, args } of graph.chains.flatMap((chain) => chain.filters)) {
    const names = filters.get(name) ?? new Set()
    for (const one of args) names.add(one.name ?? '')
    filters.set(name, names)
  }
}

/** Options that open a chip's devices, with a node that is named and without. */
export function devicePieces(chip: Chip): (readonly string[])[] {
  return [chip.usual, { ...chip.usual, renderNode: sampleNode }].map((node) => chip.devices(node))
}

/** Options before an input that is decoded on a chip. */
export function decoderPieces(chip: Chip): (readonly string[])[] {
  return chip.decoders.flatMap(({ codecs, options }) =>
    Object.entries(codecs).flatMap(([codec, depths]) => depths.map((depth) => options(codec, depth))),
  )
}

/** Options of a chip's encoders, by their name. */
export function encoderPieces(chip: Chip): (readonly [encoder: string, args: readonly string[]])[] {
  return chip.encoders.flatMap(({ codecs, options }) =>
    Object.entries(codecs).flatMap(([codec, { name, depths }]) =>
      wishes(codec as VideoEncoder['codec'], depths).flatMap((wish) => {
        const told = options(wish)
        return 'out' in told ? [] : [[name, told] as const]
      }),
    ),
  )
}

/** Every way to want a rate, every preset and every profile, each with the rest as usual. */
function wishes(codec: VideoEncoder['codec'], depths: readonly Depth[]): EncoderWish[] {
  const encoders: Partial<VideoEncoder>[] = [
    ...[{}, { level: '4.1' }, { crf: '21' }, { crf: '21', maxrate: '2M' }, { bitrate: '1M', maxrate: '2M' }],
    ...[{ bitrate: '2M', maxrate: '2M' }],
    ...'ultrafast superfast veryfast faster fast medium slow slower veryslow'
      .split(' ')
      .map((preset) => ({ preset })),
    ...['baseline', 'main', 'high', 'main10'].map((profile) => ({ profile })),
  ]
  return depths.flatMap((depth) =>
    encoders.map((encoder) => ({
      ...{ encoder: { codec, tuning: [], ...encoder }, depth },
      ...{ groupFrames: 250, pixelsPerSecond: 1e8 },
    })),
  )
}

const curves: readonly ToneCurve[] = [
  ...(['mobius', 'hable', 'reinhard', 'clip', 'linear', 'gamma', 'none', 'bt2390'] as const),
]

const fields = { kind: 'deinterlace', fieldRate: false, markedOnly: false, parity: 'auto' } as const

const operations: readonly PictureOperation[] = [
  { kind: 'scale', width: '2', height: '2' },
  { kind: 'scale', width: '2', height: '2', divisibleBy: 2 },
  ...(['yadif', 'bwdif'] as const).map((method) => ({ ...fields, method })),
  ...(['clock', 'cclock', 'half', 'hflip', 'vflip'] as const).map((how) => ({ kind: 'turn', how }) as const),
  ...curves.map((curve) => ({ kind: 'tone-map', curve, transfer: 'pq', gradedNits: 1000 }) as const),
]

/** Chains of filters that stand in commands. */
export function* filterPieces({ filters: surface, encoders, usual }: Chip): Generator<string> {
  for (const { lift } of encoders) if (lift) yield lift.text
  if (!surface) return
  yield* Object.values(surface.maps ?? {})
  const more = ['tonemap_cuda', 'tonemap_videotoolbox', openclBt2390]
  const nodes: Capabilities[] = [usual, { ...usual, filters: more, ffmpeg: debianFacts }]
  for (const depth of [8, 10] as const) {
    yield* [surface.upload(depth), surface.download(depth), surface.convert(depth).text]
    for (const node of nodes) {
      for (const operation of operations) {
        const done = surface.filter(operation, depth, node)
        if (done) yield done.text
      }
    }
  }
}
