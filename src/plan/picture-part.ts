import type { OutputFile } from '../command/command.ts'
import { lastValue, streamValue } from '../command/read-options.ts'
import type { MediaInfo, VideoStream } from '../media/media-info.ts'
import type { Rational } from '../media/rational.ts'
import { type BurntStream, burntBitmaps, burntText, overlayNames } from './burn-filters.ts'
import { isOnChip, type StreamPlace, videoEncoder } from './encoders.ts'
import { languageOf } from './language.ts'
import type { Step } from './linear-graph.ts'
import { pictureOperations } from './operations.ts'
import { type OutputStream, streamOfLabel } from './output-streams.ts'
import type { PictureOperation, VideoPart } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { fasterShiftSeconds, gridShiftSeconds, lengthsLie, pictureFacts, seekShiftSeconds } from './source.ts'

/** What is known of the picture when its part is read. */
export interface PictureWish {
  readonly stream: Extract<OutputStream, { kind: 'video' }>
  readonly place: StreamPlace
  readonly infos: readonly MediaInfo[]
  readonly rate: Rational
  readonly fillFromZero: boolean
}

/** The part of a plan that is the picture, encoded. */
export function picturePart({ stream, place, infos, rate, fillFromZero }: PictureWish): VideoPart {
  const { output, position } = place
  demandPlainPackets(place)
  const encoder = videoEncoder(place)
  const operations = withTransfer(
    stream.steps.flatMap((step) => operationsOf(step, output, infos)),
    stream.source,
  )
  return {
    source: stream.ref,
    ...decodedBy(stream.source),
    operations: isOnChip(place) ? withFormat(operations, encoder.codec) : operations,
    ...{ rate, fillFromZero },
    shiftSeconds:
      (fillFromZero ? fasterShiftSeconds(stream.source, rate) : null) ??
      gridShiftSeconds(infos[stream.ref.input]!, stream.source, rate),
    ...(lengthsLie(stream.source) && { lengthsLie: true }),
    ...pictureFacts(infos[stream.ref.input]!, stream.source),
    encoder,
    ...languageOf(output, position),
  }
}

/** What a decoder is to read; a file that does not say its depth has the usual one. */
export function decodedBy({ codec, bitsPerRawSample, pixelFormat }: VideoStream): Pick<VideoPart, 'decoded'> {
  if (codec === null) return {}
  const named = Number(/p(?:01[02]|9|1[0246])/.exec(pixelFormat ?? '')?.[0].slice(1))
  return { decoded: { codec, bits: bitsPerRawSample ?? (named || 8) } }
}

/** Codecs whose packets nodes can carry to the head, which are those of transport streams and of DASH. */
const carried = new Set(['h264', 'hevc'])

/** Containers in which pictures are as in a transport stream: each key frame has its parameter sets with it. */
const setsInside = new Set(['mpegts', 'mpeg', 'h264', 'hevc'])

/** Containers that do not say when a picture is shown, only when it is decoded. */
const withoutTimes = new Set(['avi', 'h264', 'hevc', 'mpegvideo'])

/** The part of a plan that is the picture, copied. Slots are ticks of its stream, so that its times stay what they are. */
export function copiedPicture(
  { stream, place, infos }: Omit<PictureWish, 'rate' | 'fillFromZero'>,
  seekSeconds: number,
): VideoPart {
  const { source, ref, steps } = stream
  const { output, streams, position } = place
  const { codec, timeBase, averageRate } = source
  if (!carried.has(codec ?? '')) throw new NotPlannable('copied-picture', `of ${codec}`)
  if (steps.length > 0) throw new NotPlannable('incomplete-command', 'a filtered picture cannot be copied')
  if (infos[ref.input]!.formats.some((format) => withoutTimes.has(format))) {
    throw new NotPlannable('copied-picture', 'out of a file that does not say when pictures are shown')
  }
  const filter = streamValue(output, 'bsf', streams, position)
  // Transport streams are written so anyway, and the head has NAL units in its own way in other containers.
  if (filter !== null && filter !== `${codec}_mp4toannexb`) {
    throw new NotPlannable('unknown-option', `-bsf ${filter}`)
  }
  const info = infos[ref.input]!
  return {
    ...{ source: ref, operations: [], rate: { num: timeBase.den, den: timeBase.num }, fillFromZero: false },
    encoder: {
      codec: 'copy',
      source: codec === 'hevc' ? 'hevc' : 'h264',
      setsApart: !info.formats.some((format) => setsInside.has(format)),
      ...{ seekSeconds, averageRate },
      // A transport stream's seek finds the next key frame, all others the one before.
      seekAfterSeconds: 0.002 + (info.formats.includes('matroska') ? seekShiftSeconds(info, source) : 0),
    },
    ...languageOf(output, position),
  }
}

/** Dolby Vision's own data is not made anew when a picture is encoded: taking it out means nothing. */
function demandPlainPackets({ output, streams, position }: StreamPlace): void {
  const filter = streamValue(output, 'bsf', streams, position)
  if (filter !== null && !/^dovi_rpu=strip=(1|true)$/.test(filter)) {
    throw new NotPlannable('unknown-option', `-bsf ${filter}`)
  }
}

function operationsOf(
  { filter, side }: Step,
  output: OutputFile,
  infos: readonly MediaInfo[],
): PictureOperation[] {
  if (side && overlayNames.has(filter.name)) {
    return [burntBitmaps(filter, side, burntStream(side.source, infos))]
  }
  if (side) throw new NotPlannable('graph-shape', `${filter.name} joins two lines`)
  if (filter.name !== 'inlineass') return pictureOperations(filter)
  const named = lastValue(output.options, 'map_inlineass')
  if (named === null) throw new NotPlannable('missing-stream', 'inlineass without -map_inlineass')
  const burnt = burntStream(named, infos)
  if (burnt.ref.input !== 0 && !burnt.alone) throw new NotPlannable('inputs', 'text of another film')
  return [burntText(filter, burnt)]
}

function burntStream(label: string, infos: readonly MediaInfo[]): BurntStream {
  const { ref, stream } = streamOfLabel(label, infos)
  const { streams } = infos[ref.input]!
  const beside = streams.find(({ kind }) => kind === 'audio') ?? streams.find(({ kind }) => kind === 'video')
  return { ref, stream, alone: beside === undefined, pacedBy: beside?.index ?? null }
}

/**
 * Which way a tone map goes is the source's to say; where it does not say HLG the server knows better than its tags, and
 * means PQ. The ten-bit format that the server puts before is part of the operation.
 */
function withTransfer(operations: readonly PictureOperation[], source: VideoStream): PictureOperation[] {
  const transfer = source.color.transfer === 'arib-std-b67' ? 'hlg' : 'pq'
  const { peakNits } = source
  // What HLG says of a display's peak is about the display.
  const light = transfer === 'pq' && peakNits !== undefined ? { peakNits } : {}
  return operations.flatMap((operation, index): PictureOperation[] => {
    if (operation.kind === 'tone-map') {
      if (source.dolbyVisionProfile === 5) throw new NotPlannable('dolby-vision', 'profile 5')
      return [{ ...operation, transfer, ...light }]
    }
    const isBefore = operation.kind === 'format' && operations[index + 1]?.kind === 'tone-map'
    return isBefore ? [] : [operation]
  })
}

/** Chips take what lies in their memory; elsewhere the format has to be said, and players of H.264 want eight bits. */
function withFormat(
  operations: readonly PictureOperation[],
  codec: VideoPart['encoder']['codec'],
): PictureOperation[] {
  const format = operations.findLast((operation) => operation.kind === 'format')
  const isTen = codec === 'hevc' && format?.pixelFormats.some((name) => tenBit.has(name))
  return [...operations, { kind: 'format', pixelFormats: [isTen ? 'yuv420p10le' : 'yuv420p'] }]
}

const tenBit = new Set(['p010', 'p010le', 'yuv420p10', 'yuv420p10le', 'x2rgb10', 'y210'])
