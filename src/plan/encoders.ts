import type { OutputFile } from '../command/command.ts'
import { streamValue } from '../command/read-options.ts'
import type { StreamFacts } from '../command/select-streams.ts'
import { wordTable } from '../command/word-table.ts'
import type { AudioStream } from '../media/media-info.ts'
import {
  bufsizeOfChip,
  chipEncoder,
  levelName,
  maxrateOfChip,
  presetOfChip,
  profileOfChip,
  qualityOfChip,
} from './chip-encoders.ts'
import type { AudioEncoder, CopiedPackets, SoundOperation, VideoEncoder } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { isAllowedAv1Tuning, isAllowedTuning, isPlainValue } from './tuning.ts'
import { bitrateOfMode } from './variable-sound.ts'

/** One stream of the output, as option lookup sees it. */
export interface StreamPlace {
  readonly output: OutputFile
  readonly streams: readonly StreamFacts[]
  readonly position: number
}

const libraries = wordTable<VideoEncoder['codec']>({
  ...{ libx264: 'h264', libx265: 'hevc', libsvtav1: 'av1' },
})

/** Whether the server would encode this stream on a chip of its own. */
export function isOnChip(place: StreamPlace): boolean {
  return chipEncoder(streamValue(place.output, 'codec', place.streams, place.position) ?? '') !== null
}

/**
 * How the server wants its pictures encoded; throws NotPlannable for encoders that are not known here.
 * @param keys where key frames are: `segments` where each segment begins with its only one, as HLS is made, else as said.
 */
export function videoEncoder(place: StreamPlace, keys: KeyFrames = 'said'): VideoEncoder {
  const value: Value = (name) => streamValue(place.output, name, place.streams, place.position)
  const name = String(value('codec'))
  const chip = chipEncoder(name)
  const codec = chip?.codec ?? libraries[name]
  if (!codec) throw new NotPlannable('unknown-encoder', `the encoder ${name}`)
  const quality = chip ? qualityOfChip(chip, value) : constantQuality(value)
  const written = {
    crf: quality,
    maxrate: chip ? maxrateOfChip(chip, value) : value('maxrate'),
    bufsize: chip ? bufsizeOfChip(chip, value) : value('bufsize'),
    preset: chip ? presetOfChip(chip, value) : value('preset'),
    tune: chip ? null : value('tune'),
    level: levelName(value('level'), codec, chip),
    profile: chip ? profileOfChip(chip, value('profile')) : value('profile'),
    bitrate: quality !== null && chip ? null : value('b'),
  }
  const plain = Object.entries(written).flatMap(([option, text]) =>
    text === null || text === 'auto' ? [] : [[option, asPlain(option, text)] as const],
  )
  const more = [...(chip ? [] : [...tuningOf(value, codec), ...quantizers(value)]), ...groups(value, keys)]
  return { codec, ...Object.fromEntries(plain), tuning: withoutRepeats(more) }
}

type Value = (name: string) => string | null

function constantQuality(value: Value): string | null {
  if (value('qp') !== null) throw new NotPlannable('unknown-option', '-qp of a library')
  return value('crf')
}

function tuningOf(value: Value, codec: VideoEncoder['codec']): [string, string | null][] {
  if (codec === 'h264') return pairsOf(value('x264opts') ?? value('x264-params'))
  if (codec === 'av1') return pairsOf(value('svtav1-params'), isAllowedAv1Tuning)
  return pairsOf(value('x265-params'))
}

/** Bounds of a library's quantizer; those that chips are told are on scales of their own, and go with their rates. */
function quantizers(value: Value): [string, string][] {
  return numbered(value, { qmin: 'qpmin', qmax: 'qpmax' })
}

/** See {@link videoEncoder}. */
export type KeyFrames = 'segments' | 'said'

/**
 * Lengths of groups of pictures as both libraries name them. Jellyfin tells software to force key frames and to find
 * none at scene cuts, some chips to make groups as long as a segment (`-g 72 -keyint_min 72`), and others, which find
 * none by themselves, nothing: with segments that are on the timeline it is all the same.
 */
function groups(value: Value, keys: KeyFrames): [string, string][] {
  const more = { bf: 'bframes', refs: 'ref', sc_threshold: 'scenecut' }
  const isEvery = keys === 'segments' && (value('keyint_min') ?? value('g')) === value('g')
  const lengths = isEvery ? {} : { g: 'keyint', keyint_min: 'min-keyint' }
  const found = numbered(value, { ...lengths, ...more })
  const isOpen = keys === 'segments' && !found.some(([name]) => name === 'scenecut')
  return isOpen ? [...found, ['scenecut', '0']] : found
}

function numbered(value: Value, names: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(names).flatMap(([name, library]): [string, string][] => {
    const written = value(name)
    if (written === null) return []
    if (!/^-?\d{1,4}$/.test(written)) throw new NotPlannable('unknown-option', `-${name} ${written}`)
    return Number(written) < 0 ? [] : [[library, written]]
  })
}

function withoutRepeats<T extends readonly (string | null)[]>(pairs: readonly T[]): T[] {
  return pairs.filter(
    (pair, index) => pairs.findIndex((other) => other.join('=') === pair.join('=')) === index,
  )
}

const audioCodecs = wordTable<AudioEncoder['codec']>({
  ...{ aac: 'aac', ac3: 'ac3', eac3: 'eac3', libmp3lame: 'mp3', libopus: 'opus' },
  // Plex's own names: its AAC, and Dolby by EasyAudioEncoder.
  ...{ aac_lc: 'aac', ac3_eae: 'ac3', eac3_eae: 'eac3' },
  // Other makers of the same: Fraunhofer's, Apple's, Microsoft's.
  ...{ libfdk_aac: 'aac', aac_at: 'aac', aac_mf: 'aac', opus: 'opus', mp3: 'mp3' },
})

/** How the server wants its sound encoded; the rate is the one that its resampler gives. */
export function audioEncoder(
  place: StreamPlace,
  operations: readonly SoundOperation[],
  source: Pick<AudioStream, 'sampleRate' | 'channels' | 'codec' | 'frameSize'>,
  firstSeconds: number,
): AudioEncoder {
  const value: Value = (name) => streamValue(place.output, name, place.streams, place.position)
  const name = value('codec') ?? ''
  if (name === 'copy') {
    // Without that FFmpeg also takes what comes before the place that is sought, as far as its seek went back.
    const packets = value('copypriorss') === '0' ? copiedPackets(source, firstSeconds) : null
    return { codec: 'copy', rate: source.sampleRate, ...(packets && { packets }) }
  }
  const codec = audioCodecs[name]
  if (!codec) throw new NotPlannable('unknown-encoder', `the encoder ${value('codec')}`)
  // Of AAC there are kinds that players tell apart; what `-profile` asks of other encoders of sound is not known here.
  const profile = value('profile')
  if (profile !== null && profile !== 'aac_low')
    throw new NotPlannable('unknown-encoder', `sound of the profile ${profile}`)
  const channels = value('ac')
  const bitrate = value('b') ?? bitrateOfMode(name, value, Number(channels ?? source.channels))
  const rates = operations.flatMap((operation) => (operation.kind === 'resample' ? [operation.rate] : []))
  const asked = rates.findLast((rate) => rate !== undefined) ?? value('ar')
  const rate = Number(asked ?? source.sampleRate)
  if (!Number.isSafeInteger(rate) || rate <= 0)
    throw new NotPlannable('unknown-encoder', 'a sampling rate that is no number')
  return {
    ...{ codec, rate },
    ...(bitrate !== null && { bitrate: asPlain('b', bitrate) }),
    ...(channels !== null && { channels: asPlain('ac', channels) }),
  }
}

const copiedCodecs = wordTable<CopiedPackets['codec']>({
  ...{ aac: 'aac', ac3: 'ac3', eac3: 'eac3', mp3: 'mp3', mp2: 'mp2' },
})

/** Six blocks of 256 samples, as nearly all of it is. */
const usualEac3Samples = 1536

/** Null for what a transport stream does not take, or whose packets are of unknown length: a damaged file may say no rate. */
function copiedPackets(
  { codec, frameSize, sampleRate }: Pick<AudioStream, 'codec' | 'frameSize' | 'sampleRate'>,
  firstSeconds: number,
): CopiedPackets | null {
  const known = copiedCodecs[codec ?? '']
  const samples = frameSize ?? (known === 'eac3' ? usualEac3Samples : null)
  return known && samples && sampleRate > 0 ? { codec: known, samples, firstSeconds } : null
}

function asPlain(name: string, value: string): string {
  if (!isPlainValue(value)) throw new NotPlannable('unknown-option', `-${name} ${value}`)
  return value
}

function pairsOf(text: string | null, isAllowed = isAllowedTuning): [string, string | null][] {
  if (text === null || text === '') return []
  return text.split(':').map((option) => {
    const [name = '', ...more] = option.split('=')
    const value = more.length === 0 ? null : more.join('=')
    if (!isAllowed(name, value)) throw new NotPlannable('unknown-option', `the encoder's option ${option}`)
    return [name, value]
  })
}
