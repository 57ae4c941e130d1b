import type { MediaLetter } from './row.ts'

/** A spelling, the option it stands for, and the media that it means when no specifier follows. */
export type AliasRow = readonly [spelling: string, name: string, media: MediaLetter | null]

export const aliasRows: readonly AliasRow[] = [
  ['c', 'codec', null],
  ['vcodec', 'codec', 'v'],
  ['acodec', 'codec', 'a'],
  ['scodec', 'codec', 's'],
  ['dcodec', 'codec', 'd'],
  ['vf', 'filter', 'v'],
  ['af', 'filter', 'a'],
  ['lavfi', 'filter_complex', null],
  ['vframes', 'frames', 'v'],
  ['aframes', 'frames', 'a'],
  ['dframes', 'frames', 'd'],
  ['ab', 'b', 'a'],
  ['aq', 'q', 'a'],
  ['qscale', 'q', 'v'],
  ['vtag', 'tag', 'v'],
  ['atag', 'tag', 'a'],
  ['stag', 'tag', 's'],
  ['vbsf', 'bsf', 'v'],
  ['absf', 'bsf', 'a'],
  ['vpre', 'pre', 'v'],
  ['apre', 'pre', 'a'],
  ['spre', 'pre', 's'],
  ['channel_layout', 'ch_layout', null],
  ['v', 'loglevel', null],
  ['?', 'h', null],
  ['help', 'h', null],
  ['-help', 'h', null],
  ['of', 'print_format', null],
  ['output_format', 'print_format', null],
  ['private', 'show_private_data', null],
]

/** Options whose bare name means one kind of media only (`-b` alone is the video's, `-profile` likewise). */
export const impliedMedia: Readonly<Record<string, MediaLetter>> = {
  b: 'v',
  profile: 'v',
}
