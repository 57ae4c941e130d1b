import { toNumber } from '../media/rational.ts'
import type { PictureOperation, Plan, VideoEncoder } from '../plan/plan.ts'
import { type Capabilities, decodes, encodes } from './capabilities.ts'
import type { Chip, ChipDecoder, ChipEncoder, Depth, EncoderWish } from './chip.ts'
import { copiedLease } from './copied-lease.ts'
import { lookOf } from './encoder-look.ts'
import { spoken } from './ffmpeg-words.ts'
import { chipChain, depthAfter, depthOf, isEverywhere } from './filter-chain.ts'
import { groupFrames, leaseReach } from './key-frame-reach.ts'
import { pacelineFilters } from './paceline-tone-map.ts'
import { inOrder, pictureLease } from './picture-lease.ts'
import type { Compiled, CompiledLease, LeaseNode, LeaseRange, Platform } from './platform.ts'
import type { ProcessorFilters } from './processor-filters.ts'
import { delayFilter } from './reorder-delay.ts'
import { type Rung, rungs } from './rungs.ts'
import { encoderArguments, hasLibrary, noLibrary, software } from './software.ts'
import { softwareFilters } from './software-filters.ts'

/** The platform of a chip: its rungs, compiled. */
export function chipPlatform(chip: Chip): Platform {
  const all = (plan: Plan, range: LeaseRange, { capabilities = chip.usual, left = [] }: LeaseNode = {}) =>
    rungs
      .filter(({ name }) => !left.includes(name))
      .map((rung) => [rung, compileRung(chip, plan, range, capabilities, rung)] as const)
  return {
    name: chip.name,
    suits: (plan) => plan.video.encoder.codec !== 'copy',
    compileVideo(plan, range, node) {
      const { encoder } = plan.video
      const { ffmpeg } = node?.capabilities ?? chip.usual
      if (encoder.codec === 'copy') return { args: spoken(copiedLease(plan, range, encoder, ffmpeg), ffmpeg) }
      const tried = all(plan, range, node)
      const done = tried.find(([{ name }, compiled]) => 'args' in compiled && name !== 'software')
      // The processor's own is another platform's first choice, and this one's last.
      return (
        done?.[1] ??
        lastResort(
          tried.map(([, compiled]) => compiled),
          node,
        )
      )
    },
    compileAudio: (plan, range, node) =>
      software.compileAudio(plan, range, { capabilities: node?.capabilities ?? chip.usual }),
    ladder(plan, range, node) {
      const seen = new Set<string>()
      return all(plan, range, node).flatMap(([, compiled]) => {
        if ('out' in compiled || seen.has(compiled.args.join('\n'))) return []
        seen.add(compiled.args.join('\n'))
        return [compiled]
      })
    },
  }
}

/** On a node whose better rungs have failed the processor goes on; a chip that can do nothing of it is out. */
function lastResort(tried: readonly Compiled[], node: LeaseNode | undefined): Compiled {
  const last = tried.at(-1)
  if (node?.left?.length && last && 'args' in last) return last
  const reasons = tried.flatMap((compiled) => ('out' in compiled ? [compiled.out] : []))
  const told = [...new Set(reasons)].filter((why) => why !== noFilters)
  return { out: told.length === 0 ? 'all its ways have failed' : told.join('; ') }
}

const noFilters = 'it has no filters for that'

/** A plan on one rung; why not where it cannot be. */
export function compileRung(
  chip: Chip,
  asked: Plan,
  range: LeaseRange,
  capabilities: Capabilities,
  rung: Rung,
): CompiledLease | { readonly out: string } {
  const { encoder } = asked.video
  if (encoder.codec === 'copy')
    return { args: spoken(copiedLease(asked, range, encoder, capabilities.ffmpeg), capabilities.ffmpeg) }
  if (!hasLibrary(encoder)) return { out: noLibrary }
  const processor = capabilities.filters.includes('tonemap_paceline') ? pacelineFilters : softwareFilters
  const decoding = rung.decode ? chipDecoding(chip, asked, capabilities) : processorDecoding(asked)
  if ('out' in decoding) return decoding
  const plan = decoding.from === 'memory' ? asked : turnedByFilter(asked)
  const wanted = wantedDepth(plan, decoding.sourceDepth)
  if (wanted === null) return { out: 'pictures of that format are made by the processor alone' }
  const encoding = rung.encode ? chipEncoding(chip, plan, encoder, capabilities, wanted, range) : null
  if (encoding && 'out' in encoding) return encoding
  if (rung.filter && !chip.filters) return { out: noFilters }
  const onChip = rung.filter ? chipOperations(chip, plan, capabilities, decoding) : []
  // Pictures are not copied to a chip that has nothing to do to them.
  if (rung.filter && !rung.decode && onChip.length === 0) return { out: noFilters }
  const missing = remainingGap(plan, onChip, processor)
  if (missing !== null) return { out: missing }
  const made = encoding ? withReach(plan, range, encoding.family.keyFrames) : range
  const args = pictureLease(plan, made, {
    devices: needsDevice(rung, decoding, encoding?.family) ? chip.devices(capabilities) : [],
    decoding: plan === asked ? decoding.options : [...decoding.options, '-noautorotate'],
    chain: chipChain({
      ...{ capabilities, processor, wanted, from: decoding.from, depth: decoding.depth },
      ...{ chip: chip.filters, filtersOnChip: rung.filter, encoder: encoding?.family ?? null },
    }),
    encoder: encoding
      ? [...encoding.args, ...delayFilter(plan, encoder, capabilities.ffmpeg)]
      : encoderArguments(encoder),
    countsKeyFrames: encoding?.family.keyFrames === 'interval',
  })
  return {
    args: spoken(args, capabilities.ffmpeg),
    rung: rung.name,
    look: lookOf(encoding?.args ?? encoderArguments(encoder)),
    ...(made.to < range.to && { reach: made.to }),
  }
}

/** FFmpeg turns pictures by filters for memory, which do not take a chip's frames: there it is the first operation. */
function turnedByFilter(plan: Plan): Plan {
  const { turned, ...video } = plan.video
  if (!turned) return plan
  const operations: PictureOperation[] = [{ kind: 'turn', how: turned }, ...video.operations]
  return { ...plan, video: { ...video, operations } }
}

interface Decoding {
  readonly options: readonly string[]
  readonly from: ChipDecoder['gives']
  /** Of the pictures that come out. */
  readonly depth: Depth
  readonly sourceDepth: Depth
}

function processorDecoding({ video }: Plan): Decoding {
  const depth = video.decoded?.bits === 10 ? 10 : 8
  return { options: [], from: 'memory', depth, sourceDepth: depth }
}

function chipDecoding(
  chip: Chip,
  { video }: Plan,
  capabilities: Capabilities,
): Decoding | { readonly out: string } {
  const { decoded, operations } = video
  if (!decoded) return { out: `what ${chip.name} would have to decode is not known` }
  const { codec, bits } = decoded
  const what = `${codec} of ${bits} bits`
  if (bits !== 8 && bits !== 10) return { out: `${chip.name} does not decode ${what}` }
  const known = chip.decoders.filter(({ codecs }) => codecs[codec]?.includes(bits))
  if (known.length === 0) return { out: `${chip.name} does not decode ${what}` }
  const isProved = ({ name }: ChipDecoder) => decodes(capabilities, name, codec, bits)
  // What comes out shallower than the film has lost what a tone map lives on.
  const isDeep = ({ depth = bits }: ChipDecoder) => depth >= bits || !operations.some(isToneMap)
  const proved = known.filter(isDeep).find(isProved)
  if (!proved) {
    const shallow = known.find((decoder) => !isDeep(decoder) && isProved(decoder))
    if (shallow) return { out: `${shallow.name} makes 8 bits of ${what}, too few for a tone map` }
    return { out: `decoding ${what} by ${known.map(({ name }) => name).join(' or ')} is not proved` }
  }
  const depth = proved.depth ?? bits
  return { options: proved.options(codec, depth), from: proved.gives, depth, sourceDepth: depth }
}

const isToneMap = ({ kind }: PictureOperation): boolean => kind === 'tone-map'

function chipEncoding(
  chip: Chip,
  plan: Plan,
  encoder: VideoEncoder,
  capabilities: Capabilities,
  depth: Depth,
  range: LeaseRange,
): { readonly family: ChipEncoder; readonly args: readonly string[] } | { readonly out: string } {
  const what = `${encoder.codec} of ${depth} bits`
  const able = chip.encoders.filter(({ codecs }) => codecs[encoder.codec]?.depths.includes(depth))
  if (able.length === 0) return { out: `${chip.name} does not encode ${what}` }
  const family = able.find(({ codecs }) => encodes(capabilities, codecs[encoder.codec]!.name, depth))
  const nameOf = (one: ChipEncoder) => one.codecs[encoder.codec]!.name
  if (!family) return { out: `encoding ${what} by ${able.map(nameOf).join(' or ')} is not proved` }
  const wish: EncoderWish = {
    ...{ encoder, depth, pixelsPerSecond: pixelsPerSecond(plan) },
    groupFrames: groupFrames(plan, range, family.keyFrames),
  }
  const options = family.options(wish)
  if ('out' in options) return { out: `${nameOf(family)}: ${options.out}` }
  return { family, args: ['-c:v', nameOf(family), ...options] }
}

/** What the encoder is to get; null for formats that no chip takes. */
function wantedDepth({ video }: Plan, source: Depth): Depth | null {
  const formats = video.operations.filter(({ kind }) => kind === 'format')
  const last = formats.at(-1)
  if (last?.kind === 'format' && depthOf(last.pixelFormats) === null) return null
  return video.operations.reduce<Depth>((depth, operation) => depthAfter(operation, depth), source)
}

/** What takes pictures from memory and gives them back there opens its devices by itself. */
function needsDevice({ filter }: Rung, { from }: Decoding, encoder: ChipEncoder | undefined): boolean {
  if (filter || from !== 'memory') return true
  return encoder !== undefined && (encoder.needsDevice === true || !encoder.takes.includes('memory'))
}

/**
 * What of a plan is done on the chip, as a chain of filters does it: from the first operation that the chip cannot do
 * pictures are in memory, and stay there.
 */
function chipOperations(
  { filters }: Chip,
  { video }: Plan,
  capabilities: Capabilities,
  decoding: Decoding,
): readonly PictureOperation[] {
  const onChip: PictureOperation[] = []
  let { depth } = decoding
  for (const operation of inOrder(video.operations)) {
    if (isEverywhere(operation)) continue
    if (operation.kind === 'format') {
      const isThere = decoding.from !== 'memory' || onChip.length > 0
      if (isThere) depth = depthOf(operation.pixelFormats) ?? depth
      continue
    }
    const done = filters?.filter(operation, depth, capabilities)
    if (!done?.needs.every((name) => capabilities.filters.includes(name))) return onChip
    onChip.push(operation)
    depth = done.depth
  }
  return onChip
}

/** What a chip leaves to the processor the processor has to know. */
function remainingGap(
  { video }: Plan,
  onChip: readonly PictureOperation[],
  { gap }: ProcessorFilters,
): string | null {
  const left = video.operations.filter((operation) => !onChip.includes(operation))
  return left.map(gap).find((why) => why !== null) ?? null
}

/** Pixels of the finished picture, where a plan says how large it is. */
function pixelsPerSecond({ video }: Plan): number | null {
  const scale = video.operations.findLast(({ kind }) => kind === 'scale')
  const sides = scale?.kind === 'scale' ? [scale.width, scale.height].map(Number) : []
  const [width, height] =
    sides.every((side) => side > 0) && sides.length === 2 ? sides : sidesOf(video.size, sides)
  return width && height ? width * height * toNumber(video.rate) : null
}

/** One side that is told, the other by the source's shape. */
function sidesOf(
  size: { width: number; height: number } | undefined,
  told: readonly number[],
): readonly number[] {
  if (!size) return []
  const [width = 0, height = 0] = told
  if (width > 0) return [width, (width * size.height) / size.width]
  if (height > 0) return [(height * size.width) / size.height, height]
  return [size.width, size.height]
}

function withReach(plan: Plan, range: LeaseRange, keyFrames: ChipEncoder['keyFrames']): LeaseRange {
  if (keyFrames === 'forced') return range
  const to = leaseReach(plan.timeline, range)
  return to < range.to ? { ...range, to, open: false } : range
}
