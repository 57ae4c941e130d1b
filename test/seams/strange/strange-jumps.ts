import { withClusterTimes, withEdits } from './film-bytes.ts'
import { copy, joined, mpeg2, remux } from './steps.ts'
import type { StrangeSource } from './strange-source.ts'

const edits: readonly StrangeSource[] = [
  {
    name: 'MP4 cut out between key frames, without encoding',
    steps: [{ as: 'mp4', ffmpeg: '-ss 1.3 -i {in} -map 0 -c copy' }],
  },
  {
    name: 'MP4 whose picture begins 1.5 s late',
    steps: [{ as: 'mp4', ffmpeg: '-itsoffset 1.5 -i {in} -i {in} -map 0:v -map 1:a -c copy' }],
  },
  {
    name: 'MP4 whose sound begins 1.5 s late',
    steps: [{ as: 'mp4', ffmpeg: '-itsoffset 1.5 -i {in} -i {in} -map 1:v -map 0:a -c copy' }],
  },
  {
    name: 'MP4 with two pieces left out by its edit list',
    inOnePiece: 'edit-list',
    steps: [
      remux('mp4', '-video_track_timescale 12800'),
      {
        as: 'mp4',
        bytes: (film) =>
          withEdits(film, 0, [
            { movieTicks: 1500, mediaTime: 1024 },
            { movieTicks: 1500, mediaTime: 1024 + 12800 * 3 },
            { movieTicks: 500, mediaTime: 12800 * 5.5 },
          ]),
      },
    ],
  },
  {
    name: 'MP4 with pieces in another order',
    inOnePiece: 'edit-list',
    steps: [
      remux('mp4', '-video_track_timescale 12800'),
      {
        as: 'mp4',
        bytes: (film) =>
          withEdits(film, 0, [
            { movieTicks: 2000, mediaTime: 1024 + 12800 * 3 },
            { movieTicks: 2000, mediaTime: 1024 + 12800 },
            { movieTicks: 1000, mediaTime: 1024 + 12800 * 3 },
          ]),
      },
    ],
  },
  {
    name: 'MP4 with a pause in the middle of its edit list',
    inOnePiece: 'edit-list',
    steps: [
      remux('mp4', '-video_track_timescale 12800'),
      {
        as: 'mp4',
        bytes: (film) =>
          withEdits(film, 0, [
            { movieTicks: 700, mediaTime: -1 },
            { movieTicks: 2040, mediaTime: 1024 },
            { movieTicks: 900, mediaTime: -1 },
            { movieTicks: 2000, mediaTime: 1024 + 12800 * 2 },
          ]),
      },
    ],
  },
  {
    name: 'MP4 with an edit list beyond its end',
    steps: [
      remux('mp4', '-video_track_timescale 12800'),
      { as: 'mp4', bytes: (film) => withEdits(film, 0, [{ movieTicks: 60000, mediaTime: 12800 * 2 + 555 }]) },
    ],
  },
]

const jumps: readonly StrangeSource[] = [
  {
    name: 'a transport stream twice, one after the other',
    inOnePiece: 'times-back',
    steps: [remux('ts'), { as: 'ts', bytes: (film) => Buffer.concat([film, film]) }],
  },
  {
    name: 'a transport stream with a long hole',
    inOnePiece: 'keys-rare',
    steps: [
      remux('ts'),
      {
        as: 'ts',
        ffmpeg: `${copy} -bsf:v setts=ts=TS+gte(N\\,75)*40/TB -bsf:a setts=ts=TS+gte(N\\,140)*40/TB`,
      },
    ],
  },
  {
    name: 'a transport stream that goes back by two seconds',
    inOnePiece: 'times-back',
    steps: [
      { as: 'ts', ffmpeg: `${copy}` },
      {
        as: 'ts',
        bytes: (film) =>
          Buffer.concat([
            film.subarray(0, 188 * Math.floor(film.length / 376)),
            film.subarray(188 * Math.floor((film.length * 0.33) / 188)),
          ]),
      },
    ],
  },
  {
    name: 'transport stream with a jump of 7 s',
    inOnePiece: 'sound-uneven',
    steps: [
      {
        as: 'ts',
        ffmpeg: `${copy} -bsf:v setts=ts=TS+gte(N\\,60)*7/TB -bsf:a setts=ts=TS+gte(N\\,112)*7/TB`,
      },
    ],
  },
  {
    name: 'Matroska with a jump of 20 s',
    inOnePiece: 'sound-uneven',
    steps: [
      {
        as: 'mkv',
        ffmpeg: `${copy} -bsf:v setts=ts=TS+gte(N\\,75)*20000 -bsf:a setts=ts=TS+gte(N\\,140)*20000`,
      },
    ],
  },
  {
    name: 'MP4 with a jump of 20 s in the picture alone',
    steps: [{ as: 'mp4', ffmpeg: `${copy} -bsf:v setts=ts=TS+gte(N\\,75)*20/TB` }],
  },
  {
    name: 'Matroska whose clusters go back by 3 s',
    inOnePiece: 'times-back',
    steps: [
      remux('mkv', '-cluster_time_limit 500'),
      {
        as: 'mkv',
        bytes: (film) =>
          withClusterTimes(film, (time, index) => (index < 8 ? time : Math.max(0, time - 3000))),
      },
    ],
  },
  {
    name: 'Matroska whose clusters jump ahead for a second',
    inOnePiece: 'times-back',
    steps: [
      remux('mkv', '-cluster_time_limit 500'),
      {
        as: 'mkv',
        bytes: (film) =>
          withClusterTimes(film, (time, index) => (index === 5 || index === 6 ? time + 20000 : time)),
      },
    ],
  },
  {
    name: 'times that come three at a time',
    steps: [{ as: 'mkv', ffmpeg: `${copy} -bsf:v setts=pts=ceil(PTS/120)*120` }],
  },
  {
    name: 'MP4 whose pictures share times',
    steps: [{ as: 'mp4', ffmpeg: `${copy} -bsf:v setts=pts=ceil(PTS/120)*120` }],
  },
  {
    name: 'sound that jumps by 4 s',
    inOnePiece: 'sound-uneven',
    steps: [{ as: 'mkv', ffmpeg: `${copy} -bsf:a setts=ts=TS+gte(N\\,100)*4000` }],
  },
  {
    name: 'sound that jumps back by 1 s, in a transport stream',
    inOnePiece: 'sound-uneven',
    steps: [{ as: 'ts', ffmpeg: `${copy} -bsf:a setts=ts=TS-gte(N\\,100)*1/TB` }],
  },
  {
    name: 'two transport streams of other beginnings',
    inOnePiece: 'sound-uneven',
    clip: { container: 'ts' },
    steps: [remux('ts', '-output_ts_offset 26'), joined],
  },
  {
    name: 'two transport streams, the later one first',
    refused: 'its times jump ahead by more than an hour',
    clip: { container: 'ts', startSeconds: 500 },
    steps: [{ as: 'ts', ffmpeg: '-i {clip} -map 0 -c copy -output_ts_offset -480' }, joined],
  },
  {
    name: 'program stream twice, one after the other',
    inOnePiece: 'times-back',
    steps: [
      { as: 'mpg', ffmpeg: `${mpeg2} -c:a mp2 -f vob` },
      { as: 'mpg', bytes: (film) => Buffer.concat([film, film]) },
    ],
  },
]

/** Edit lists, and times that jump or repeat. */
export const strangeJumps: readonly StrangeSource[] = [...edits, ...jumps]
