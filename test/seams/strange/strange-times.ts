import { b264, copy, mpeg2, remux, x264 } from './steps.ts'
import type { StrangeSource } from './strange-source.ts'

const rates: readonly StrangeSource[] = [
  {
    name: 'from 60 to 10 pictures a second and back',
    rate: '30',
    steps: [
      {
        as: 'mkv',
        ffmpeg: `-vf setpts=(N+if(gt(N\\,50)\\,min(N-50\\,40)*5))/60/TB -fps_mode passthrough -enc_time_base 1:1000 ${b264} -c:a copy`,
      },
    ],
  },
  {
    name: 'pictures that stand for seconds, in MP4',
    rate: '30',
    steps: [
      {
        as: 'mp4',
        ffmpeg: `-vf setpts=(N/25+floor(N/40)*2.3)/TB -fps_mode passthrough -enc_time_base 1:90000 ${b264} -c:a copy`,
      },
    ],
  },
  {
    name: 'two pictures a second',
    rate: '2',
    steps: [{ as: 'mp4', ffmpeg: `-vf setpts=N/2/TB -r 2 ${x264} -an -t 30` }],
  },
  {
    name: '120 pictures a second',
    clip: { seconds: 20 },
    rate: '30',
    steps: [{ as: 'mp4', ffmpeg: `-vf setpts=N/120/TB -r 120 ${b264} -an` }],
  },
  {
    name: 'times that jitter by some milliseconds',
    steps: [
      {
        as: 'mkv',
        ffmpeg: `-vf settb=1/1000,setpts=PTS+mod(N*7\\,13) -fps_mode passthrough -enc_time_base 1:1000 ${b264} -c:a copy`,
      },
    ],
  },
  { name: 'a single picture', steps: [{ as: 'mp4', ffmpeg: `-frames:v 1 ${x264} -c:a copy -shortest` }] },
  {
    name: 'a single picture with long sound',
    steps: [{ as: 'mkv', ffmpeg: `-frames:v 1 ${x264} -c:a copy` }],
  },
]

const starts: readonly StrangeSource[] = [
  { name: 'Matroska that begins at 12.5 s', steps: [remux('mkv', '-output_ts_offset 12.5')] },
  {
    name: 'transport stream that begins below zero',
    steps: [
      {
        as: 'ts',
        ffmpeg: `${copy} -avoid_negative_ts disabled -muxdelay 0 -muxpreload 0 -output_ts_offset -3.2`,
      },
    ],
  },
  { name: 'transport stream whose clock runs over', steps: [remux('ts', '-output_ts_offset 95441')] },
  { name: 'MP4 that begins at 5 s', steps: [remux('mp4', '-output_ts_offset 5')] },
  {
    name: 'MP4 that begins below zero',
    steps: [remux('mp4', '-avoid_negative_ts disabled -output_ts_offset -1.1')],
  },
  { name: 'FLV that begins late', steps: [remux('flv', '-output_ts_offset 3.3')] },
  {
    name: 'a picture that begins 4 s after the sound, in a transport stream',
    steps: [{ as: 'ts', ffmpeg: '-itsoffset 4 -i {in} -i {in} -map 0:v -map 1:a -c copy' }],
  },
  {
    name: 'sound that begins 2.7 s after the picture, in Matroska',
    steps: [{ as: 'mkv', ffmpeg: '-itsoffset 2.7 -i {in} -i {in} -map 1:v -map 0:a -c copy' }],
  },
  {
    name: 'transport stream that begins in the middle of a group',
    steps: [
      remux('ts'),
      { as: 'ts', bytes: (film) => film.subarray(188 * Math.floor((film.length * 0.07) / 188) + 91) },
    ],
  },
]

const durations: readonly StrangeSource[] = [
  {
    name: 'fragmented MP4 without durations',
    inOnePiece: 'sound-uneven',
    steps: [remux('mp4', '-movflags frag_keyframe+empty_moov+default_base_moof')],
  },
  {
    name: 'fragmented MP4 out of a pipe, a fragment a picture',
    inOnePiece: 'sound-uneven',
    steps: [
      {
        as: 'mp4',
        ffmpeg: `${copy} -movflags frag_every_frame+empty_moov+default_base_moof+skip_trailer -f mp4 {stream}`,
      },
    ],
  },
  {
    name: 'fragmented MP4 with an index of its fragments',
    inOnePiece: 'sound-uneven',
    steps: [remux('mp4', '-movflags dash+global_sidx -frag_duration 1000000')],
  },
  {
    name: 'live Matroska without length or index',
    steps: [{ as: 'mkv', ffmpeg: `${copy} -live 1 -f matroska {stream}` }],
  },
  {
    name: 'live WebM without length or index',
    steps: [
      {
        as: 'webm',
        ffmpeg:
          '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 300k -g 30 -c:a libopus -live 1 -f webm {stream}',
      },
    ],
  },
  { name: 'FLV without length', steps: [remux('flv', '-flvflags no_duration_filesize+no_metadata')] },
  {
    name: 'Matroska without an index',
    steps: [
      remux('mkv'),
      {
        as: 'mkv',
        bytes: (film) => film.subarray(0, film.lastIndexOf(Buffer.from([0x1c, 0x53, 0xbb, 0x6b]))),
      },
    ],
  },
  { name: 'bare H.264', inOnePiece: 'times-missing', steps: [{ as: 'h264', ffmpeg: '-map 0:v -c copy' }] },
  { name: 'bare MPEG-2', steps: [{ as: 'm2v', ffmpeg: `${mpeg2} -an` }] },
]

/** Rates, beginnings and lengths. */
export const strangeTimes: readonly StrangeSource[] = [...rates, ...starts, ...durations]
