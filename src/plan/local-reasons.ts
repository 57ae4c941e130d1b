/**
 * Why a job stays with the media server's own transcoder: the closed list, by code. Logs and `paceline plan` name the
 * code; docs/local-jobs.md explains each, with an example.
 */
export const localReasons = {
  'incomplete-command': 'the command line is one that FFmpeg itself would not run',
  'unknown-option': 'an option that Paceline does not know or does not model',
  'unknown-filter': 'a filter that the plan does not model',
  'filter-value': 'a filter with an argument that the plan does not model',
  'graph-shape': 'a filter graph that is not one line from a stream to an output',
  'unknown-decoder': 'a decoder that is neither one of FFmpeg nor one that stands for one of them',
  'unknown-encoder': 'an encoder that the plan does not model',
  'unknown-container':
    'an output that is none of MPEG-TS or Matroska segments, HLS, DASH, MP4 or Matroska file',
  live: 'an input that is no file of this machine: live television, a pipe, a network address',
  inputs: 'inputs that do not belong to one film: several films, or none',
  'no-server': 'nobody to report to: no -progressurl, as with thumbnails and some analysis',
  'foreign-server': 'an address to report to that is not on this machine',
  images: 'an output of single images: thumbnails, previews, chapter pictures',
  'nothing-kept': 'no output is kept: analysis such as loudness or credits detection',
  'sound-only': 'no picture is made: music, detection audio',
  'subtitles-only': 'nothing but subtitles is made',
  remux: 'nothing is encoded: shipping the film costs more than copying it',
  'dolby-vision':
    'a tone map of Dolby Vision without a base layer in HDR10 or HLG, whose colours no node can read yet',
  'copied-picture':
    'a picture is copied that nodes cannot carry: not H.264 or HEVC, from AVI, or into a file',
  'several-pictures': 'more than one picture in the output',
  unopened: 'an input that cannot be opened: the server is told so, no transcoder is needed',
  'missing-stream': 'a stream that the file does not have, or that is of another kind',
  'burn-kind': 'subtitles that the filter for them cannot draw: bitmaps as text or text as bitmaps',
  times: 'timestamps that would not stay those of the file',
  seek: 'a seek that is not to an exact frame, is not a time, or is to behind the last picture',
  'key-frames': 'key frames elsewhere than where the segments begin, or too rare for a copy',
  'frame-rate': 'a frame rate that is no constant one',
  'not-yet': 'planned, but the head cannot carry it out yet',
  'no-node': 'no node is there that can work',
  overload: 'the nodes are busy with those who are watching already',
  'input-silent': 'the input does not answer, or the shim cannot look at it',
  'folder-closed': 'the media server cannot write into the folder of the job',
  'old-shim': 'the shim is of an older release',
  'no-way-back': 'a job that could not be handed back to the server’s own transcoder half-way',
  'session-failed': 'the nodes could not do it and nothing had been announced yet',
  'head-restarted': 'the head has started again and cannot go on with the job',
  'head-error': 'the head had an error of its own',
} as const

export type LocalCode = keyof typeof localReasons
