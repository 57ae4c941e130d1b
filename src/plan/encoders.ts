import type { OutputFile } from '../command/command.ts'
import { streamValue } from '../command/read-options.ts'
import type { StreamFacts } from '../command/select-streams.ts'
import { wordTable } from '../command/word-table.ts'
import type { AudioEncoder, SoundOperation, VideoEncoder } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { isAllowedTuning, isPlainValue } from './tuning.ts'

/** One stream of the output, as option lookup sees it. */
export interface StreamPlace {
  readonly output: OutputFile
  readonly streams: readonly StreamFacts[]
  readonly position: number
}

/** An encoder by FFmpeg's name for it: what it makes, and whether it is one of the server's chips. */
interface KnownEncoder {
  readonly codec: VideoEncoder['codec']
  readonly chip: boolean
}

const libraries = wordTable<VideoEncoder['codec']>({
  libx264: 'h264',
  libx265: 'hevc',
})

const chip = /^(h264|hevc)_(nvenc|vaapi|qsv|videotoolbox|v4l2m2m|amf|omx|mf|rkmpp|mediacodec|nvmpi|vulkan)$/

function knownEncoder(name: string): KnownEncoder {
  const codec = libraries[name]
  if (codec) return { codec, chip: false }
  const match = chip.exec(name)
  if (!match) throw new NotPlannable('unknown-encoder', `the encoder ${name}`)
  return { codec: match[1] as VideoEncoder['codec'], chip: true }
}

const audioCodecs = wordTable<AudioEncoder['codec']>({
  ...{ aac: 'aac', ac3: 'ac3', eac3: 'eac3', libmp3lame: 'mp3', libopus: 'opus' },
  // Plex's own names: its AAC, and Dolby by EasyAudioEncoder.
  ...{ aac_lc: 'aac', ac3_eae: 'ac3', eac3_eae: 'eac3' },
})

/** Whether the server would encode this stream on a chip of its own. */
export function isOnChip(place: StreamPlace): boolean {
  return chip.test(streamValue(place.output, 'codec', place.streams, place.position) ?? '')
}

/** How the server wants its pictures encoded; throws NotPlannable for encoders that are not known here. */
export function videoEncoder(place: StreamPlace): VideoEncoder {
  const value = (name: string) => streamValue(place.output, name, place.streams, place.position)
  const { codec, chip: onChip } = knownEncoder(String(value('codec')))
  const names = ['maxrate', 'bufsize', 'level', ...(onChip ? [] : (['preset', 'tune'] as const))]
  const plain = names.flatMap((name) => {
    const written = value(name)
    return written === null || written === 'auto' ? [] : [[name, asPlain(name, written)] as const]
  })
  const bitrate = value('b')
  const quality = constantQuality(value, onChip)
  return {
    codec,
    ...(quality !== null && { crf: quality }),
    ...Object.fromEntries(plain),
    ...profileOf(value('profile'), codec, onChip),
    ...(bitrate !== null && (quality === null || !onChip) && { bitrate: asPlain('b', bitrate) }),
    tuning: onChip ? groups(value) : [...tuningOf(value, codec), ...groups(value)],
  }
}

/**
 * Chips have scales of their own for constant quality; where a plan needs one, their number is taken for a constant
 * rate factor, which it is near to (both go by H.264's and HEVC's quantizer). The server's cap on the rate holds anyway.
 */
function constantQuality(value: (name: string) => string | null, onChip: boolean): string | null {
  if (!onChip) {
    if (value('qp') !== null) throw new NotPlannable('unknown-option', '-qp of a library')
    const factor = value('crf')
    return factor === null ? null : asPlain('crf', factor)
  }
  const written = value('qp') ?? value('global_quality') ?? value('cq')
  if (written !== null && !/^\d+(\.\d+)?$/.test(written))
    throw new NotPlannable('unknown-option', `-qp ${written}`)
  return written
}

const profiles: Readonly<Record<VideoEncoder['codec'], readonly string[]>> = {
  h264: ['baseline', 'main', 'high'],
  hevc: ['main', 'main10'],
}

/** Chips name profiles by number as well, and by names that libraries do not have: the usual one is right then. */
function profileOf(
  written: string | null,
  codec: VideoEncoder['codec'],
  onChip: boolean,
): { profile?: string } {
  if (written === null) return {}
  if (onChip && !profiles[codec].includes(written)) return {}
  return { profile: asPlain('profile', written) }
}

function tuningOf(
  value: (name: string) => string | null,
  codec: VideoEncoder['codec'],
): [string, string | null][] {
  if (codec === 'h264') return pairsOf(value('x264opts') ?? value('x264-params'))
  return pairsOf(value('x265-params'))
}

/** Lengths of groups of pictures as both libraries name them. */
function groups(value: (name: string) => string | null): [string, string][] {
  const names = {
    g: 'keyint',
    keyint_min: 'min-keyint',
    bf: 'bframes',
    refs: 'ref',
    sc_threshold: 'scenecut',
  }
  return Object.entries(names).flatMap(([name, library]): [string, string][] => {
    const written = value(name)
    if (written === null) return []
    if (!/^-?\d{1,4}$/.test(written)) throw new NotPlannable('unknown-option', `-${name} ${written}`)
    return Number(written) < 0 ? [] : [[library, written]]
  })
}

/** How the server wants its sound encoded; the rate is the one that its resampler gives. */
export function audioEncoder(
  place: StreamPlace,
  operations: readonly SoundOperation[],
  sourceRate: number,
): AudioEncoder {
  const value = (name: string) => streamValue(place.output, name, place.streams, place.position)
  const codec = audioCodecs[value('codec') ?? '']
  if (!codec) throw new NotPlannable('unknown-encoder', `the encoder ${value('codec')}`)
  // Of AAC there are kinds that players tell apart; what `-profile` asks of other encoders of sound is not known here.
  const profile = value('profile')
  if (profile !== null && profile !== 'aac_low')
    throw new NotPlannable('unknown-encoder', `sound of the profile ${profile}`)
  const bitrate = value('b')
  const channels = value('ac')
  const asked = operations.findLast((operation) => operation.rate !== undefined)?.rate ?? value('ar')
  const rate = Number(asked ?? sourceRate)
  if (!Number.isSafeInteger(rate) || rate <= 0)
    throw new NotPlannable('unknown-encoder', 'a sampling rate that is no number')
  return {
    ...{ codec, rate },
    ...(bitrate !== null && { bitrate: asPlain('b', bitrate) }),
    ...(channels !== null && { channels: asPlain('ac', channels) }),
  }
}

function asPlain(name: string, value: string): string {
  if (!isPlainValue(value)) throw new NotPlannable('unknown-option', `-${name} ${value}`)
  return value
}

function pairsOf(text: string | null): [string, string | null][] {
  if (text === null || text === '') return []
  return text.split(':').map((option) => {
    const [name = '', ...more] = option.split('=')
    const value = more.length === 0 ? null : more.join('=')
    if (!isAllowedTuning(name, value))
      throw new NotPlannable('unknown-option', `the encoder's option ${option}`)
    return [name, value]
  })
}
