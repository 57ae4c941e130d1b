import { type JellyfinJob, jellyfinCommand, jellyfinDoes, plainJellyfinJob } from './jellyfin-commands.ts'
import { type JellyfinChip, jellyfinChips } from './jellyfin-lines.ts'
import { type PlexChip, type PlexJob, plainPlexJob, plexChips, plexCommand } from './plex-commands.ts'

/** A command line that a server would write, and what it would write for software. */
export interface ServerLine {
  readonly name: string
  readonly chip: string
  readonly argv: readonly string[]
  readonly twin: readonly string[]
}

const each = <T, U>(list: readonly T[], change: (one: T) => readonly U[]): U[] => list.flatMap(change)

function jellyfinJobs(): Partial<JellyfinJob>[] {
  const texts = ['none', 'srt', 'ass', 'pgs', 'dvd', 'external-pgs'] as const
  const depth = {
    sdr: { bits: 8, codec: 'h264' },
    hdr10: { bits: 10, codec: 'hevc' },
    hlg: { bits: 10, codec: 'hevc' },
  } as const
  const pictures = each(texts, (text) =>
    each(['sdr', 'hdr10', 'hlg'] as const, (range) =>
      each([null, 1280, 640] as const, (width) =>
        each(['h264', 'hevc', 'av1'] as const, (wanted) => [
          {
            ...depth[range],
            text,
            range,
            width,
            wanted,
            packing: wanted === 'h264' ? ('ts' as const) : ('fmp4' as const),
          },
        ]),
      ),
    ),
  )
  const fields = each([true, false], (doubleRate) =>
    each(['none', 'srt', 'pgs'] as const, (text) => [
      { interlaced: true, doubleRate, text, codec: 'mpeg2video' as const },
    ]),
  )
  const turned = each([90, 180, -90] as const, (rotation) =>
    each(['none', 'srt', 'pgs'] as const, (text) => [
      { rotation, text },
      { rotation, text, ...depth.hdr10, range: 'hdr10' as const },
    ]),
  )
  const sounds = ['copy', 'fdk', 'fdk-vbr', 'aac', 'ac3', 'opus', 'mp3', 'loud', 'none'] as const
  const packed = each(sounds, (sound) =>
    each(['ts', 'fmp4', 'mp4', 'mkv'] as const, (packing) => [{ sound, packing }]),
  )
  const rates = each(['veryfast', 'medium', 'slow'] as const, (preset) =>
    each(['high', 'main', 'baseline'] as const, (profile) =>
      each([41, 51] as const, (level) => [{ preset, profile, level }]),
    ),
  )
  const later = each(texts, (text) => [{ startSeconds: 600, text }])
  return [...pictures, ...fields, ...turned, ...packed, ...rates, ...later]
}

function plexJobs(): Partial<PlexJob>[] {
  const pictures = each(['none', 'srt', 'ass', 'sidecar', 'pgs'] as const, (text) =>
    each([true, false], (isHdr) =>
      each(['h264', 'hevc'] as const, (wanted) =>
        each(['dash', 'mpegts', 'matroska', 'mp4'] as const, (packing) => [{ text, isHdr, wanted, packing }]),
      ),
    ),
  )
  const sounds = ['aac', 'aac-5.1', 'ac3', 'eac3', 'opus', 'mp3', 'copy', 'none'] as const
  const packed = each(sounds, (sound) =>
    each(['dash', 'mpegts', 'matroska', 'mp4', 'mkv'] as const, (packing) => [{ sound, packing }]),
  )
  const ages = each(['new', 'old', '2019'] as const, (layout) =>
    each([1, 3, 5, 8] as const, (seconds) =>
      each([0, 600, 1200], (startSeconds) =>
        each(['dash', 'mpegts'] as const, (packing) => [{ layout, seconds, startSeconds, packing }]),
      ),
    ),
  )
  const sources = each(['h264', 'hevc', 'av1', 'vc1', 'mpeg2video'] as const, (codec) => [
    { codec },
    { codec, interlaced: true },
  ])
  const tracks = each(['srt', 'ass'] as const, (kind) => [
    { tracks: kind, packing: 'matroska' as const },
    { tracks: kind, packing: 'mkv' as const },
  ])
  return [...pictures, ...packed, ...ages, ...sources, ...tracks]
}

const nameOf = (change: object): string => Object.values(change).join(' ')

export function jellyfinLines(): ServerLine[] {
  return each(jellyfinJobs(), (change) => {
    const job = { ...plainJellyfinJob, ...change }
    const line = (chip: JellyfinChip): ServerLine => ({
      ...{ name: `${chip} ${nameOf(change)}`, chip, argv: jellyfinCommand(job, chip) },
      twin: jellyfinCommand(job, 'software'),
    })
    return jellyfinChips.filter((chip) => jellyfinDoes(job, chip)).map(line)
  })
}

export function plexLines(): ServerLine[] {
  return each(plexJobs(), (change) => {
    const job = { ...plainPlexJob, ...change }
    const line = (chip: PlexChip): ServerLine => ({
      ...{ name: `${chip} ${nameOf(change)}`, chip, argv: plexCommand(job, chip) },
      twin: plexCommand(job, 'software'),
    })
    return plexChips.map(line)
  })
}

/** Every so manieth of a list, from a beginning of its own, so that the sample has all kinds in it. */
export function sampleOf<T>(list: readonly T[], every: number, from = 0): T[] {
  return list.filter((_, index) => index % every === from % every)
}
