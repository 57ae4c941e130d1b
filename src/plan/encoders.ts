import type { OutputFile } from '../command/command.ts'
import { streamValue } from '../command/read-options.ts'
import type { StreamFacts } from '../command/select-streams.ts'
import type { AudioEncoder, SoundOperation, VideoEncoder } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { isAllowedTuning, isPlainValue } from './tuning.ts'

/** One stream of the output, as option lookup sees it. */
export interface StreamPlace {
  readonly output: OutputFile
  readonly streams: readonly StreamFacts[]
  readonly position: number
}

const videoCodecs: Readonly<Record<string, VideoEncoder['codec']>> = { libx264: 'h264', libx265: 'hevc' }

const audioCodecs: Readonly<Record<string, AudioEncoder['codec']>> = {
  aac: 'aac',
  ac3: 'ac3',
  eac3: 'eac3',
  libmp3lame: 'mp3',
  libopus: 'opus',
}

/** How the server wants its pictures encoded; throws NotPlannable for encoders that are not known here. */
export function videoEncoder(place: StreamPlace): VideoEncoder {
  const value = (name: string) => streamValue(place.output, name, place.streams, place.position)
  const codec = videoCodecs[value('codec') ?? '']
  if (!codec) throw new NotPlannable(`the encoder ${value('codec')}`)
  const names = ['crf', 'maxrate', 'bufsize', 'preset', 'tune', 'profile', 'level'] as const
  const plain = names.flatMap((name) => {
    const written = value(name)
    return written === null ? [] : [[name, asPlain(name, written)] as const]
  })
  const bitrate = value('b')
  const tuning = value(codec === 'h264' ? 'x264opts' : 'x265-params')
  return {
    codec,
    ...Object.fromEntries(plain),
    ...(bitrate !== null && { bitrate: asPlain('b', bitrate) }),
    tuning: tuning === null ? [] : tuningOf(tuning),
  }
}

/** How the server wants its sound encoded; the rate is the one that its resampler gives. */
export function audioEncoder(
  place: StreamPlace,
  operations: readonly SoundOperation[],
  sourceRate: number,
): AudioEncoder {
  const value = (name: string) => streamValue(place.output, name, place.streams, place.position)
  const codec = audioCodecs[value('codec') ?? '']
  if (!codec) throw new NotPlannable(`the encoder ${value('codec')}`)
  // Of AAC there are kinds that players tell apart; what `-profile` asks of other encoders of sound is not known here.
  const profile = value('profile')
  if (profile !== null && profile !== 'aac_low') throw new NotPlannable(`sound of the profile ${profile}`)
  const bitrate = value('b')
  const rate = Number(operations.findLast((operation) => operation.rate !== undefined)?.rate ?? sourceRate)
  if (!Number.isSafeInteger(rate) || rate <= 0) throw new NotPlannable('a sampling rate that is no number')
  return { codec, rate, ...(bitrate !== null && { bitrate: asPlain('b', bitrate) }) }
}

function asPlain(name: string, value: string): string {
  if (!isPlainValue(value)) throw new NotPlannable(`-${name} ${value}`)
  return value
}

function tuningOf(text: string): [string, string | null][] {
  return text.split(':').map((option) => {
    const [name = '', ...more] = option.split('=')
    const value = more.length === 0 ? null : more.join('=')
    if (!isAllowedTuning(name, value)) throw new NotPlannable(`the encoder's option ${option}`)
    return [name, value]
  })
}
