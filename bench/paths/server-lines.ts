/** A command line for a film of HDR10 in 4K that becomes SDR in 1080p, as a media server writes it. */
export interface ServerLine {
  readonly name: string
  /** Without what would be the program; {MEDIA} and {OUT} stand for a film and a folder. */
  readonly args: readonly string[]
  /** What stands before {MEDIA} only where the line is for an NVIDIA card. */
  readonly isForCuda?: true
  /** Only Jellyfin's own ffmpeg has its filters. */
  readonly isForJellyfin?: true
}

const colours = 'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc'

/** What every line of Jellyfin's has but its way of decoding and its filters (EncodingHelper and DynamicHls of 10.9). */
function jellyfin(before: readonly string[], filters: string): readonly string[] {
  return [
    ...[
      '-analyzeduration',
      '200M',
      '-probesize',
      '1G',
      ...before,
      '-i',
      'file:{MEDIA}',
      '-map_metadata',
      '-1',
    ],
    ...['-map_chapters', '-1', '-threads', '0', '-map', '0:0', '-map', '-0:s'],
    ...['-codec:v:0', 'libx264', '-preset', 'veryfast', '-crf', '23', '-maxrate', '7852096'],
    ...['-bufsize', '15704192', '-profile:v:0', 'high', '-level', '51'],
    ...['-x264opts:0', 'subme=0:me_range=16:rc_lookahead=10:me=hex:open_gop=0'],
    ...['-force_key_frames:0', 'expr:gte(t,n_forced*3)', '-sc_threshold:v:0', '0', '-vf', filters],
    ...['-copyts', '-avoid_negative_ts', 'disabled', '-max_muxing_queue_size', '2048', '-f', 'hls'],
    ...['-max_delay', '5000000', '-hls_time', '3', '-hls_segment_type', 'mpegts', '-start_number', '0'],
    ...['-hls_segment_filename', '{OUT}/7c0ffee0%d.ts', '-hls_playlist_type', 'vod', '-hls_list_size', '0'],
    ...['-y', '{OUT}/7c0ffee0.m3u8'],
  ]
}

const inMemory = 'scale=trunc(min(max(iw\\,ih*a)\\,1920)/2)*2:trunc(ow/a/2)*2'

/** FFmpeg's tone map is the one that Plex and older Jellyfins rely on; it wants linear light, which zscale makes. */
const linear = 'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709'
const back = 'zscale=t=bt709:m=bt709:r=tv,format=yuv420p'

export const serverLines: readonly ServerLine[] = [
  {
    name: 'software, zscale and tonemap',
    args: jellyfin([], `${colours},${inMemory},${linear},tonemap=tonemap=hable:desat=0:peak=100,${back}`),
  },
  {
    name: 'software, tonemapx',
    args: jellyfin(
      [],
      `${colours},${inMemory},tonemapx=tonemap=bt2390:desat=0:peak=100:t=bt709:m=bt709:p=bt709:format=yuv420p`,
    ),
    isForJellyfin: true,
  },
  {
    name: 'NVDEC, scale_cuda, tonemap_cuda, x264',
    args: jellyfin(
      [
        ...['-init_hw_device', 'cuda=cu:0', '-filter_hw_device', 'cu', '-hwaccel', 'cuda'],
        ...['-hwaccel_output_format', 'cuda', '-noautorotate', '-hwaccel_flags', '+unsafe_output'],
        ...['-threads', '1'],
      ],
      [
        `${colours},scale_cuda=w=1920:h=1080`,
        'tonemap_cuda=format=yuv420p:p=bt709:t=bt709:m=bt709:tonemap=bt2390:peak=100:desat=0',
        'hwdownload,format=yuv420p',
      ].join(),
    ),
    isForCuda: true,
    isForJellyfin: true,
  },
]

/** A line with its places filled in. */
export function filledLine({ args }: ServerLine, media: string, out: string): readonly string[] {
  return args.map((word) => word.replace('{MEDIA}', media).replace('{OUT}', out))
}
