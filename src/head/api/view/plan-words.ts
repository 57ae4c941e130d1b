import { expectedEndSegment, slotSeconds } from '../../../media/timeline.ts'
import type { AudioPart, PictureOperation, Plan, VideoPart } from '../../../plan/plan.ts'

const codecNames: Readonly<Record<string, string>> = {
  ...{ h264: 'H.264', hevc: 'HEVC', av1: 'AV1' },
  ...{ aac: 'AAC', ac3: 'AC-3', eac3: 'E-AC-3', mp3: 'MP3', opus: 'Opus' },
}

const packagingNames: Readonly<Record<Plan['packaging']['kind'], string>> = {
  ...{ mpegts: 'MPEG-TS segments', dash: 'DASH', hls: 'HLS' },
  ...{ matroska: 'Matroska segments', file: 'one file' },
}

const codecName = (codec: string): string => codecNames[codec] ?? codec

/** What the client wants, in one short line: `DASH, 1280x720, H.264, AAC`. */
export function jobWords({ video, audio, packaging }: Plan): string {
  const { encoder } = video
  const size = encoder.codec === 'copy' ? [] : sizeWords(video.operations)
  const picture = encoder.codec === 'copy' ? `${codecName(encoder.source)} copied` : codecName(encoder.codec)
  return [packagingNames[packaging.kind], ...size, picture, audio ? soundName(audio) : 'no sound'].join(', ')
}

function soundName({ encoder }: AudioPart): string {
  return encoder.codec === 'copy' ? 'sound copied' : codecName(encoder.codec)
}

function sizeWords(operations: readonly PictureOperation[]): string[] {
  const scale = operations.findLast(({ kind }) => kind === 'scale')
  if (scale?.kind !== 'scale') return []
  const sides = [scale.width, scale.height]
  const isPlain = sides.every((side) => /^\d+$/.test(side))
  const height = /^\d+$/.test(scale.height) ? [`${scale.height} lines`] : []
  return isPlain ? [sides.join('x')] : height
}

/** A plan in plain words, one sentence each. File names in it come from others: text, never markup. */
export function planWords(plan: Plan): string[] {
  const { timeline, packaging, subtitles = [] } = plan
  const count = expectedEndSegment(timeline) - timeline.firstSegment
  const start = slotSeconds(timeline, timeline.firstSlot)
  const from = start > 0 ? `, beginning ${formatSeconds(start)} into the film` : ''
  const length = `about ${count} segments of ${round(timeline.segmentSeconds)} s`
  return [
    ...plan.inputs.map(({ path }) => `It reads ${path}.`),
    ...pictureWords(plan.video),
    ...soundWords(plan.audio),
    ...subtitles.map(
      ({ codec, to }) =>
        `Subtitles are ${codec === 'copy' ? 'copied' : `written as ${codec}`} ${placeWords[to.kind]}.`,
    ),
    packaging.kind === 'file'
      ? `The result is one file, ${packaging.path}, made in ${length}${from}.`
      : `The client gets ${packagingNames[packaging.kind]}: ${length}${from}.`,
  ]
}

const placeWords = {
  inside: 'inside the segments',
  segments: 'in segments of their own',
  file: 'to a file of their own',
} as const

function pictureWords({ operations, encoder, rate }: VideoPart): string[] {
  if (encoder.codec === 'copy') return [`The ${codecName(encoder.source)} pictures are copied as they are.`]
  const rateWords = `${round(rate.num / rate.den)} pictures a second`
  const { bitrate, maxrate, crf, preset } = encoder
  const aims = [
    ...(crf === undefined ? [] : [`quality ${crf}`]),
    ...(bitrate === undefined ? [] : [`${bitrate}bit/s`]),
    ...(maxrate === undefined ? [] : [`at most ${maxrate}bit/s`]),
    ...(preset === undefined ? [] : [`preset ${preset}`]),
  ]
  const aim = aims.length === 0 ? '' : `, ${aims.join(', ')}`
  return [
    ...operations.flatMap(operationWords),
    `The pictures are encoded as ${codecName(encoder.codec)}, ${rateWords}${aim}.`,
  ]
}

function operationWords(operation: PictureOperation): string[] {
  switch (operation.kind) {
    case 'scale':
      return [`The picture is scaled to ${operation.width}x${operation.height}.`]
    case 'deinterlace':
      return [`It is deinterlaced by ${operation.method}.`]
    case 'tone-map':
      return [
        `HDR (${operation.transfer === 'pq' ? 'HDR10' : 'HLG'}) is mapped to the standard range by ${operation.curve}.`,
      ]
    case 'crop':
      return [`It is cropped to ${operation.width}x${operation.height}.`]
    case 'pad':
      return [`It is padded to ${operation.width}x${operation.height}.`]
    case 'turn':
      return ['It is turned or mirrored.']
    case 'burn-text':
      return ['Text is burnt into the picture.']
    case 'burn-bitmaps':
      return ['Subtitle bitmaps are laid over the picture.']
    case 'format':
    case 'aspect':
    case 'color-tags':
      return []
  }
}

function soundWords(audio: AudioPart | null): string[] {
  if (!audio) return ['There is no sound.']
  const { codec, bitrate, rate, channels } = audio.encoder
  if (codec === 'copy') return ['The sound is copied as it is, by one lease for the whole session.']
  const more = [
    ...(channels === undefined ? [] : [`${channels} channels`]),
    ...(bitrate === undefined ? [] : [`${bitrate}bit/s`]),
    `${rate} Hz`,
  ]
  return [
    `The sound is encoded as ${codecName(codec)}, ${more.join(', ')}, by one lease for the whole session.`,
  ]
}

function formatSeconds(seconds: number): string {
  const whole = Math.floor(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

const round = (value: number): number => Math.round(value * 100) / 100
