import { cutShort, withGarbage, withoutBox, withoutBytes } from './film-bytes.ts'
import { mpeg2, remux } from './steps.ts'
import type { StrangeSource } from './strange-source.ts'

/** Films that are cut short or spoilt, and files that are none. */
export const damagedSources: readonly StrangeSource[] = [
  {
    name: 'MP4 cut short, its index first',
    steps: [remux('mp4', '-movflags +faststart'), { as: 'mp4', bytes: (film) => cutShort(film, 0.6) }],
  },
  { name: 'Matroska cut short', steps: [remux('mkv'), { as: 'mkv', bytes: (film) => cutShort(film, 0.55) }] },
  {
    name: 'transport stream cut short',
    steps: [remux('ts'), { as: 'ts', bytes: (film) => cutShort(film, 0.601) }],
  },
  {
    name: 'AVI cut short',
    steps: [
      { as: 'avi', ffmpeg: '-c:v mpeg4 -q:v 2 -g 50 -c:a libmp3lame' },
      { as: 'avi', bytes: (film) => cutShort(film, 0.6) },
    ],
  },
  {
    name: 'fragmented MP4 cut short',
    inOnePiece: 'sound-uneven',
    steps: [
      remux('mp4', '-movflags frag_keyframe+empty_moov+default_base_moof'),
      { as: 'mp4', bytes: (film) => cutShort(film, 0.6) },
    ],
  },
  {
    name: 'MP4 without its index',
    refused: 'not a media file',
    steps: [remux('mp4'), { as: 'mp4', bytes: (film) => cutShort(film, 0.6) }],
  },
  {
    name: 'Matroska with garbage',
    sound: 'any',
    inOnePiece: 'sound-uneven',
    steps: [
      remux('mkv'),
      { as: 'mkv', bytes: (film) => withGarbage(film, { count: 9, length: 60, from: 0.1, to: 0.9 }) },
    ],
  },
  {
    name: 'MP4 with garbage',
    sound: 'any',
    steps: [
      remux('mp4', '-movflags +faststart'),
      { as: 'mp4', bytes: (film) => withGarbage(film, { count: 9, length: 60, from: 0.15, to: 0.95 }) },
    ],
  },
  {
    name: 'transport stream with garbage',
    sound: 'any',
    steps: [
      remux('ts'),
      { as: 'ts', bytes: (film) => withGarbage(film, { count: 9, length: 60, from: 0.1, to: 0.9 }) },
    ],
  },
  {
    name: 'transport stream with bytes missing',
    sound: 'any',
    inOnePiece: 'sound-uneven',
    steps: [
      remux('ts'),
      {
        as: 'ts',
        bytes: (film) =>
          withoutBytes(film, [
            { at: 0.2, length: 188 * 3 },
            { at: 0.41, length: 101 },
            { at: 0.7, length: 5000 },
          ]),
      },
    ],
  },
  {
    name: 'program stream with garbage',
    sound: 'any',
    steps: [
      { as: 'mpg', ffmpeg: `${mpeg2} -c:a mp2 -f vob` },
      { as: 'mpg', bytes: (film) => withGarbage(film, { count: 9, length: 60, from: 0.1, to: 0.9 }) },
    ],
  },
  {
    name: 'MP4 without a list of key frames',
    steps: [remux('mp4'), { as: 'mp4', bytes: (film) => withoutBox(film, 'stss') }],
  },
  {
    name: 'an empty file',
    refused: 'not a media file',
    steps: [{ as: 'mp4', bytes: () => Buffer.alloc(0) }],
  },
  {
    name: 'noise',
    refused: 'not a media file',
    steps: [
      {
        as: 'mkv',
        bytes: (film) => withGarbage(film.subarray(0, 50000), { count: 1, length: 50000, from: 0, to: 1 }),
      },
    ],
  },
  {
    name: 'text that calls itself a film',
    refused: 'not a media file',
    steps: [{ as: 'mp4', bytes: () => Buffer.from('#EXTM3U\n#EXTINF:1,\nfilm.ts\n') }],
  },
]
