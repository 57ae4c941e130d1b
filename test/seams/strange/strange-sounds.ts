import { copy, joined } from './steps.ts'
import type { StrangeSource } from './strange-source.ts'

/** Codecs, channels and tracks of sound, and pictures that are attached. */
export const strangeSounds: readonly StrangeSource[] = [
  { name: '5.1 of AC-3', steps: [{ as: 'mkv', ffmpeg: '-c:v copy -ac 6 -c:a ac3' }] },
  { name: '7.1 of FLAC', steps: [{ as: 'mkv', ffmpeg: '-c:v copy -ac 8 -c:a flac' }] },
  { name: '7.1 of AAC', steps: [{ as: 'mp4', ffmpeg: '-c:v copy -ac 8 -c:a aac' }] },
  { name: '5.1 of E-AC-3 in a transport stream', steps: [{ as: 'ts', ffmpeg: '-c:v copy -ac 6 -c:a eac3' }] },
  {
    name: 'mono MP3 of 22050 Hz',
    steps: [{ as: 'mkv', ffmpeg: '-c:v copy -ac 1 -ar 22050 -c:a libmp3lame' }],
  },
  {
    name: 'PCM of 24 bits and 96 kHz in Matroska',
    sound: 'any',
    steps: [{ as: 'mkv', ffmpeg: '-c:v copy -ar 96000 -c:a pcm_s24le' }],
  },
  { name: 'PCM in MOV', steps: [{ as: 'mov', ffmpeg: '-c:v copy -c:a pcm_s16be' }] },
  { name: 'Vorbis in Matroska', sound: 'any', steps: [{ as: 'mkv', ffmpeg: '-c:v copy -c:a libvorbis' }] },
  { name: 'Opus in Matroska', sound: 'any', steps: [{ as: 'mkv', ffmpeg: '-c:v copy -c:a libopus' }] },
  {
    name: 'three channels without a layout',
    steps: [{ as: 'mov', ffmpeg: '-c:v copy -filter:a pan=3c|c0=c0|c1=c1|c2=c0 -c:a pcm_s16le' }],
  },
  {
    name: 'several tracks of sound',
    steps: [
      {
        as: 'mkv',
        ffmpeg:
          '-itsoffset 0.7 -i {in} -i {in} -map 1:v -map 0:a -map 1:a -map 1:a -c:v copy -c:a:0 ac3 -c:a:1 copy -c:a:2 libopus',
      },
    ],
  },
  {
    name: 'sound that is shorter than the picture',
    steps: [{ as: 'mp4', ffmpeg: '-i {in} -t 2.3 -i {in} -map 0:v -map 1:a -c copy' }],
  },
  {
    name: 'sound that is longer than the picture',
    steps: [{ as: 'mkv', ffmpeg: '-t 3.3 -i {in} -i {in} -map 0:v -map 1:a -c copy' }],
  },
  {
    name: 'sound with a hole',
    inOnePiece: 'sound-uneven',
    steps: [{ as: 'mkv', ffmpeg: `${copy} -bsf:a noise=drop=between(n\\,80\\,140)` }],
  },
  {
    name: 'an attached picture',
    steps: [
      { as: 'png', ffmpeg: '-frames:v 1 -s 64x64' },
      { as: 'mp4', ffmpeg: '-i {clip} -i {in} -map 0 -map 1 -c copy -disposition:v:1 attached_pic' },
    ],
  },
  {
    name: 'an attached picture before the film',
    steps: [
      { as: 'png', ffmpeg: '-frames:v 1 -s 64x64' },
      { as: 'mp4', ffmpeg: '-i {clip} -i {in} -map 1 -map 0 -c copy -disposition:v:0 attached_pic' },
    ],
  },
  {
    name: 'an attached picture in Matroska',
    steps: [
      { as: 'jpg', ffmpeg: '-frames:v 1 -s 64x64 -pix_fmt yuvj420p' },
      { as: 'mkv', ffmpeg: '-i {clip} -map 0 -c copy -attach {in} -metadata:s:t mimetype=image/jpeg' },
    ],
  },
  {
    name: 'sound that changes from stereo to 5.1',
    inOnePiece: 'sound-uneven',
    clip: { container: 'ts', audio: 'ac3' },
    steps: [{ as: 'ts', ffmpeg: '-c:v copy -c:a ac3 -ac 6 -output_ts_offset 6' }, joined],
  },
  {
    name: 'sound that changes its rate',
    inOnePiece: 'sound-uneven',
    clip: { container: 'ts', audio: 'ac3' },
    steps: [{ as: 'ts', ffmpeg: '-c:v copy -c:a ac3 -ar 44100 -output_ts_offset 6' }, joined],
  },
]
