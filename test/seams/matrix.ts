import type { ClipOptions } from '../clips/make-clip.ts'

/** A source as the matrix tells it apart, and the sound that comes with it. */
export type Source = Required<Pick<ClipOptions, 'codec' | 'openGop' | 'container' | 'rate' | 'audio'>>

const codecs = ['h264', 'hevc'] as const
const containers = ['mp4', 'mkv', 'ts'] as const
const rates = ['24000/1001', '25', '30000/1001', 'variable'] as const
const sounds = ['aac-48000', 'aac-44100', 'ac3'] as const

/** Every codec, kind of GOP, container and rate, with sounds that take turns. */
export const allSources: readonly Source[] = codecs.flatMap((codec, c) =>
  [false, true].flatMap((openGop, g) =>
    containers.flatMap((container, n) =>
      rates.map((rate, r) => ({
        ...{ codec, openGop, container, rate },
        audio: sounds[(c + g + n + r) % sounds.length]!,
      })),
    ),
  ),
)

/** Every rate, container, codec, kind of GOP and sound: for each run of the tests. */
export const coreSources: readonly Source[] = rates.map((rate, r) => ({
  codec: codecs[r >> 1]!,
  openGop: r % 3 === 0,
  container: containers[r % containers.length]!,
  rate,
  audio: sounds[r % sounds.length]!,
}))

export const remainingSources: readonly Source[] = allSources.filter(
  (source) => !coreSources.some((core) => nameOf(core) === nameOf(source)),
)

/** `hevc with open GOPs in ts at 25`. */
export function nameOf({ codec, openGop, container, rate }: Source): string {
  return `${codec} with ${openGop ? 'open' : 'closed'} GOPs in ${container} at ${rate}`
}

/** The rate that a server asks for: the source's own, and 30 for a variable one. */
export function outputRate({ rate }: Pick<Source, 'rate'>): string {
  return rate === 'variable' ? '30' : rate
}
