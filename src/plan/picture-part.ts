import { streamValue } from '../command/read-options.ts'
import type { VideoStream } from '../media/media-info.ts'
import { isOnChip, type StreamPlace, videoEncoder } from './encoders.ts'
import { languageOf } from './language.ts'
import { normalPicture } from './normal-picture.ts'
import { PictureSteps } from './picture-steps.ts'
import type { PictureWish } from './picture-wish.ts'
import type { VideoPart } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { fasterShiftSeconds, gridShiftSeconds, lengthsLie, pictureFacts, seekShiftSeconds } from './source.ts'

/** The part of a plan that is the picture, encoded. */
export function picturePart(wish: PictureWish): VideoPart {
  const { stream, place, infos, rate, fillFromZero, keys } = wish
  const { source } = stream
  const info = infos[stream.ref.input]!
  demandPlainPackets(place)
  const encoder = videoEncoder(place, keys)
  const facts = pictureFacts(info, source)
  const { num, den } = source.sampleAspectRatio ?? { num: 1, den: 1 }
  return {
    source: stream.ref,
    ...decodedBy(source),
    operations: normalPicture(new PictureSteps(wish).operations(), {
      size: facts.size ?? null,
      sampleAspect: num / den,
      bits: decodedBy(source).decoded?.bits ?? 8,
      chipCodec: isOnChip(place) ? encoder.codec : null,
    }),
    ...{ rate, fillFromZero },
    shiftSeconds:
      (fillFromZero ? fasterShiftSeconds(source, rate) : null) ?? gridShiftSeconds(info, source, rate),
    ...(lengthsLie(source) && { lengthsLie: true }),
    ...facts,
    encoder,
    ...languageOf(place.output, place.position),
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
  { stream, place, infos }: Pick<PictureWish, 'stream' | 'place' | 'infos'>,
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

/**
 * Dolby Vision's own data is not made anew when a picture is encoded: taking it out means nothing. Where parameter sets
 * are is the head's affair.
 */
function demandPlainPackets({ output, streams, position }: StreamPlace): void {
  const filter = streamValue(output, 'bsf', streams, position)
  if (filter !== null && !/^(dovi_rpu=strip=(1|true)|extract_extradata(=remove=0)?)$/.test(filter)) {
    throw new NotPlannable('unknown-option', `-bsf ${filter}`)
  }
}
