import { b264, copy, joined, mpeg2, remux } from './steps.ts'
import type { StrangeSource } from './strange-source.ts'

const sizes: readonly StrangeSource[] = [
  {
    name: 'a picture that grows half-way, in a transport stream',
    inOnePiece: 'sound-uneven',
    clip: { container: 'ts' },
    steps: [{ as: 'ts', ffmpeg: `-vf scale=240:136 -output_ts_offset 6 ${b264} -c:a copy` }, joined],
  },
  {
    name: 'a picture that grows half-way, in Matroska',
    inOnePiece: 'sound-uneven',
    clip: { container: 'ts' },
    steps: [
      { as: 'ts', ffmpeg: `-vf scale=240:136 -output_ts_offset 6 ${b264} -c:a copy` },
      joined,
      remux('mkv'),
    ],
  },
  {
    name: 'a picture that shrinks and gets ten bits, in HEVC',
    inOnePiece: 'sound-uneven',
    clip: { container: 'ts', codec: 'hevc' },
    steps: [
      {
        as: 'ts',
        ffmpeg:
          '-vf scale=96:54 -pix_fmt yuv420p10le -output_ts_offset 6 -c:v libx265 -preset ultrafast -crf 10 -x265-params log-level=error:pools=1:keyint=25 -c:a copy',
      },
      joined,
    ],
  },
  {
    name: 'a picture that changes its shape, with MPEG-2',
    inOnePiece: 'sound-uneven',
    clip: { container: 'ts' },
    steps: [
      { as: 'ts', ffmpeg: `${mpeg2} -c:a copy` },
      { as: 'ts', ffmpeg: `-i {clip} -vf scale=120:96,setsar=4/3 -output_ts_offset 6 ${mpeg2} -c:a copy` },
      joined,
    ],
  },
]

const shapes: readonly StrangeSource[] = [
  {
    name: 'interlaced MPEG-2 in a program stream',
    steps: [
      {
        as: 'mpg',
        ffmpeg: `-vf tinterlace=interleave_top,fieldorder=tff -flags +ilme+ildct -top 1 ${mpeg2} -c:a mp2 -f vob -r 25`,
      },
    ],
  },
  {
    name: 'interlaced H.264 in a transport stream',
    steps: [
      {
        as: 'ts',
        ffmpeg:
          '-vf scale=160:96 -c:v libx264 -preset ultrafast -crf 20 -x264-params keyint=25:interlaced=1:bframes=2 -c:a copy',
      },
    ],
  },
  {
    name: 'turned by 90 degrees',
    steps: [
      { as: 'mp4', ffmpeg: `-vf transpose=1 ${b264} -c:a copy` },
      remux('mp4', '-metadata:s:v:0 rotate=90'),
    ],
  },
  {
    name: 'turned by 180 degrees',
    steps: [
      { as: 'mov', ffmpeg: `-vf hflip,vflip ${b264} -c:a copy` },
      remux('mov', '-metadata:s:v:0 rotate=180'),
    ],
  },
  {
    name: 'anamorphic, with odd sides',
    steps: [
      {
        as: 'mkv',
        ffmpeg:
          '-vf scale=161:91,setsar=64/45,format=yuv444p -c:v libx264 -preset ultrafast -crf 15 -c:a copy',
      },
    ],
  },
  {
    name: 'ten bits of HEVC',
    steps: [
      {
        as: 'mkv',
        ffmpeg:
          '-pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -crf 20 -x265-params log-level=error:pools=1:keyint=25:open-gop=1:bframes=3 -c:a copy',
      },
    ],
  },
  {
    name: 'ten bits of H.264 in 4:2:2',
    steps: [{ as: 'mov', ffmpeg: `-pix_fmt yuv422p10le ${b264} -c:a pcm_s16le` }],
  },
  {
    name: 'VP9 in WebM',
    steps: [
      {
        as: 'webm',
        ffmpeg:
          '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 300k -g 40 -auto-alt-ref 1 -lag-in-frames 10 -c:a libopus',
      },
    ],
  },
  { name: 'AV1 in MP4', steps: [{ as: 'mp4', ffmpeg: '-c:v libsvtav1 -preset 12 -crf 30 -g 40 -c:a copy' }] },
  { name: 'MPEG-4 in AVI', steps: [{ as: 'avi', ffmpeg: '-c:v mpeg4 -q:v 2 -bf 0 -g 50 -c:a libmp3lame' }] },
  {
    name: 'packed B-frames in AVI',
    steps: [{ as: 'avi', ffmpeg: '-c:v mpeg4 -q:v 2 -bf 2 -g 50 -c:a ac3' }],
  },
  {
    name: 'H.264 in AVI',
    steps: [{ as: 'avi', ffmpeg: '-map 0 -c:v copy -bsf:v h264_mp4toannexb -c:a ac3' }],
  },
  { name: 'MPEG-2 in a transport stream', steps: [{ as: 'ts', ffmpeg: `${mpeg2} -c:a mp2` }] },
  { name: 'WMV in ASF', steps: [{ as: 'wmv', ffmpeg: '-c:v wmv2 -q:v 2 -c:a wmav2' }] },
  { name: 'Theora in Ogg', steps: [{ as: 'ogv', ffmpeg: '-c:v libtheora -q:v 8 -g 20 -c:a libvorbis' }] },
  {
    name: 'motion JPEG in AVI',
    steps: [{ as: 'avi', ffmpeg: '-c:v mjpeg -q:v 2 -pix_fmt yuvj420p -c:a pcm_s16le' }],
  },
  { name: 'ProRes in MOV', steps: [{ as: 'mov', ffmpeg: '-c:v prores_ks -profile:v 0 -c:a pcm_s24le' }] },
  { name: 'MPEG-2 in MXF', steps: [{ as: 'mxf', ffmpeg: `${mpeg2} -c:a pcm_s16le -ar 48000` }] },
  { name: 'transport stream of discs', steps: [{ as: 'm2ts', ffmpeg: `${copy} -mpegts_m2ts_mode 1` }] },
  {
    name: 'one key frame at the beginning only, in a transport stream',
    steps: [
      {
        as: 'ts',
        ffmpeg: '-c:v libx264 -preset ultrafast -crf 20 -x264-params keyint=infinite:scenecut=0 -c:a copy',
      },
    ],
  },
  {
    name: 'pictures that are refreshed bit by bit',
    steps: [
      {
        as: 'mkv',
        ffmpeg:
          '-c:v libx264 -preset ultrafast -crf 20 -x264-params keyint=25:intra-refresh=1:bframes=0 -c:a copy',
      },
    ],
  },
]

/** Sizes that change, shapes, codecs and containers. */
export const strangePictures: readonly StrangeSource[] = [...sizes, ...shapes]
