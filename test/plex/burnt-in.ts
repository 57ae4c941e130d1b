import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type Shown, srtOf, withBitmaps, withText } from '../clips/make-subtitles.ts'
import { lumaOfWords } from '../clips/words.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { hlsArguments } from './hls-arguments.ts'

export const clip = { rate: '25', seconds: 8, container: 'mkv', openGop: true } as const

/** One that is there over several cuts, one that ends on a cut, one inside a segment. */
export const times: readonly Shown[] = [
  { from: 0.6, to: 4.4 },
  { from: 5.2, to: 6 },
  { from: 7.2, to: 7.6 },
]

/** Pictures of the clip above at which words come or go. */
export const expectedChanges: readonly number[] = times.flatMap(({ from, to }) => [
  Math.round(from * 25),
  Math.round(to * 25),
])

/** Where the words are: in the film, as text or bitmaps, in a file beside it, or nowhere. */
export type Words = 'text' | 'bitmaps' | 'text beside' | 'none'
export type Way = 'hls' | 'dash'

export interface Films {
  readonly paths: Readonly<Record<Words, string>>
  readonly beside: string
}

export async function makeFilms(folder: string): Promise<Films> {
  const bare = await makeClip({ ...clip, audio: 'ac3' })
  const beside = join(folder, "it's beside.srt")
  await writeFile(beside, srtOf(times))
  const paths = {
    text: await withText(bare, folder, times),
    bitmaps: await withBitmaps(bare, folder, times),
    ...{ 'text beside': bare, none: bare },
  }
  return { paths, beside }
}

const style = [
  ...['PlayResX\\\\\\=320', 'PlayResY\\\\\\=180', 'FontSize\\\\\\=40', 'Outline\\\\\\=6', 'MarginV\\\\\\=20'],
  ...['PrimaryColour\\\\\\=&H00FFFFFF', 'OutlineColour\\\\\\=&H00FFFFFF'],
].join('\\\\\\,')
const font = 'font_path=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'
const inlineass = `;[1]inlineass=font_scale=1.000000:${font}:language=en:overrides=${style}[9]`

/** The job of hls-arguments.ts, with words burnt in, and as DASH if so wanted. */
export function burntInArguments(words: Words, way: Way, films: Films): string[] {
  const plain = hlsArguments()
  const graph = plain.indexOf('-filter_complex') + 1
  const map = plain.indexOf('-map') + 1
  if (words === 'bitmaps') {
    const [scale] = plain[graph]!.split(';')
    plain[graph] = `[0:2]scale=320:180[8];${scale};[0][8]overlay[7];[7]format=pix_fmts=yuv420p|nv12[9]`
  } else if (words !== 'none') plain[graph] += inlineass
  if (words !== 'none') plain[map] = '[9]'
  if (words === 'text beside') {
    const input = plain.indexOf('-i')
    plain.splice(input + 2, 0, '-i', films.beside)
  }
  if (words.startsWith('text')) {
    const source = words === 'text' ? '0:s:0' : '1:s:0'
    plain.splice(plain.indexOf('-filter_complex'), 0, '-map_inlineass', source)
  }
  const arranged = way === 'hls' ? plain : asDash(plain)
  const nowhere = words === 'text beside' ? '1:s:0' : '0:s:0'
  return words.startsWith('text')
    ? [...arranged, '-map', nowhere, '-f', 'null', '-codec', 'ass', 'nullfile']
    : arranged
}

function asDash(args: readonly string[]): string[] {
  const list = args[args.indexOf('-segment_list') + 1]!
  return [
    ...args.slice(0, args.indexOf('-segment_format')),
    ...['-f', 'dash', '-seg_duration', '2', '-dash_segment_type', 'mp4'],
    ...['-init_seg_name', 'init-stream$RepresentationID$.m4s'],
    ...['-media_seg_name', 'chunk-stream$RepresentationID$-$Number%05d$.m4s'],
    ...['-window_size', '5', '-delete_removed', 'false', '-skip_to_segment', '1', '-manifest_name', list],
    ...['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1', 'dash'],
  ]
}

/** Has such a job done to its end, and tells how bright each picture is where the words are. */
export async function lumaOfJob(
  paceline: RunningPaceline,
  sessions: string,
  films: Films,
  words: Words,
  way: Way,
): Promise<number[]> {
  const server = await startPlexMediaServer({})
  const job = await startTranscoder({
    program: paceline.shim,
    ...{ server, args: burntInArguments(words, way, films), mediaPath: films.paths[words], sessions },
    environment: { PACELINE_HEAD: paceline.head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const { exit } = await job.exited()
  await server.close()
  expect(exit, paceline.log()).toBe(0)
  expect(server.problems()).toEqual([])
  const names = (await readdir(job.directory)).toSorted()
  const pieces =
    way === 'hls'
      ? names.filter((name) => name.endsWith('.ts'))
      : ['init-stream0.m4s', ...names.filter((name) => name.startsWith('chunk-stream0-'))]
  return lumaOfWords(pieces.map((name) => join(job.directory, name)))
}
