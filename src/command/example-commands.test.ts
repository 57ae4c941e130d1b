import { describe, expect, it } from 'vitest'
import { complexGraphs, simpleGraphs } from './filter-graphs-of.ts'
import type { Tool } from './options/rows.ts'
import { parseCommand } from './parse-command.ts'
import { printCommand } from './print-command.ts'
import { printFilterGraph } from './print-filter-graph.ts'
import { lastValue, mapsOf, optionsOf } from './read-options.ts'

/** A command line as media servers write them, arguments set apart by " | ", and what it says. */
interface Example {
  readonly title: string
  readonly tool?: Tool
  readonly line: string
  readonly inputs: readonly string[]
  /** Per output: its format, its name, what it maps. */
  readonly outputs?: readonly (readonly [format: string | null, path: string, maps: string])[]
  /** Names of the codecs, in the order in which the outputs give them. */
  readonly codecs?: string
  /** Names of the filters of all graphs. */
  readonly filters?: string
  readonly globals: string
  readonly problems?: string
}

const progress = 'http://127.0.0.1:32400/video/:/transcode/session/s/j/progress'
const manifest = 'http://127.0.0.1:32400/video/:/transcode/session/s/j/manifest?X-Plex-Http-Pipeline=infinite'
const newGlobals = `-y | -nostats | -loglevel | quiet | -loglevel_plex | error | -progressurl | ${progress}`
const ssegment = `-segment_format | mpegts | -f | ssegment | -individual_header_trailer | 0 | -flags | +global_header | -segment_header_filename | header | -segment_time | 3 | -segment_start_number | 0 | -segment_time_delta | 0.0625 | -segment_list | ${manifest} | -segment_list_type | csv | -segment_list_size | 5 | -segment_list_separate_stream_times | 1 | -segment_list_unfinished | 1 | -segment_format_options | output_ts_offset=10 | -max_delay | 5000000 | -avoid_negative_ts | disabled | -map_metadata | -1 | -map_chapters | -1`

const examples: readonly Example[] = [
  {
    title: 'Plex, segments in MPEG-TS, picture and sound made anew',
    line: `-codec:0 | hevc | -codec:1 | eac3_eae | -eae_prefix:1 | s_ | -analyzeduration | 20000000 | -probesize | 20000000 | -i | /films/A Film (2020).mkv | -start_at_zero | -copyts | -fps_mode | cfr | ${newGlobals} | -filter_complex | [0:0]scale=w=1280:h=720:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1] | -map | [1] | -metadata:s:0 | language=eng | -codec:0 | libx264 | -crf:0 | 21 | -maxrate:0 | 1297k | -bufsize:0 | 2594k | -r:0 | 23.975999999999999 | -preset:0 | veryfast | -x264opts:0 | subme=2:me_range=4:rc_lookahead=20:me=hex | -force_key_frames:0 | expr:gte(t,n_forced*3) | -filter_complex | [0:1] aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000[2] | -map | [2] | -codec:1 | aac | -b:1 | 162k | ${ssegment} | media-%05d.ts`,
    inputs: ['/films/A Film (2020).mkv'],
    outputs: [['ssegment', 'media-%05d.ts', '[1] [2]']],
    codecs: 'libx264 aac',
    filters: 'scale format aresample',
    globals: 'start_at_zero copyts y stats loglevel loglevel_plex progressurl filter_complex filter_complex',
  },
  {
    title: 'Plex, DASH in the old layout, the subtitle beside it',
    line: `-codec:0 | h264 | -noaccurate_seek | -i | /films/b.mkv | -map | 0:0 | -codec:0 | copy | -map | 0:1 | -codec:1 | copy | -copypriorss:1 | 0 | -f | dash | -seg_duration | 5 | -dash_segment_type | mp4 | -init_seg_name | init-stream$RepresentationID$.m4s | -media_seg_name | chunk-stream$RepresentationID$-$Number%05d$.m4s | -window_size | 5 | -delete_removed | false | -skip_to_segment | 1 | -time_delta | 0.0625 | -manifest_name | ${manifest} | -avoid_negative_ts | disabled | dash | -map | 0:2 | -codec:0 | ass | -strict_ts:0 | 0 | -f | segment | -segment_format | ass | -segment_time | 1 | -segment_format_options | ignore_readorder=1 | -fflags | +flush_packets | sub-chunk-%05d | -start_at_zero | -copyts | -vsync | cfr | ${newGlobals}`,
    inputs: ['/films/b.mkv'],
    outputs: [
      ['dash', 'dash', '0:0 0:1'],
      ['segment', 'sub-chunk-%05d', '0:2'],
    ],
    codecs: 'copy copy ass',
    globals: 'start_at_zero copyts vsync y stats loglevel loglevel_plex progressurl',
  },
  {
    title: 'Plex, text burnt in from a file of its own, in hardware',
    line: `-codec:0 | av1 | -hwaccel:0 | vaapi | -hwaccel_output_format:0 | vaapi | -hwaccel_device:0 | vaapi | -ss | 1816 | -i | /films/c.mkv | -ss | 1816 | -i | /tmp/temp-0.srt | -start_at_zero | -copyts | -init_hw_device | vaapi=vaapi:/dev/dri/renderD128,driver=iHD | -filter_hw_device | vaapi | ${newGlobals} | -map_inlineass | 1:s:0 | -filter_complex | [0:0]hwupload[0];[0]scale_vaapi=w=3840:h=2160:format=p010[1];[1]hwdownload,format=p010[2];[2]inlineass=font_size=54:overrides=ScaledBorderAndShadow\\\\\\=yes\\\\\\,FontName\\\\\\=Noto\\\\\\ Sans[3];[3]hwupload[4] | -map | [4] | -codec:0 | hevc_vaapi | -qp:0 | 15 | -sei:0 | -a53_cc | -force_key_frames:0 | expr:gte(t,n_forced*1) | ${ssegment} | media-%05d.ts | -map | 1:s:0 | -f | null | -codec | ass | nullfile`,
    inputs: ['/films/c.mkv', '/tmp/temp-0.srt'],
    outputs: [
      ['ssegment', 'media-%05d.ts', '[4]'],
      ['null', 'nullfile', '1:s:0'],
    ],
    codecs: 'hevc_vaapi ass',
    filters: 'hwupload scale_vaapi hwdownload format inlineass hwupload',
    globals:
      'start_at_zero copyts init_hw_device filter_hw_device y stats loglevel loglevel_plex progressurl filter_complex',
  },
  {
    title: 'Plex, streams addressed by their ids',
    line: `-codec:#0x1011 | h264 | -codec:#0x1100 | ac3 | -i | /films/d.m2ts | ${newGlobals} | -filter_complex | [0:#0x1011]scale=w=720:h=404[0] | -map | [0] | -codec:0 | libx264 | -map | 0:#0x1100 | -codec:1 | copy | ${ssegment} | media-%05d.ts`,
    inputs: ['/films/d.m2ts'],
    outputs: [['ssegment', 'media-%05d.ts', '[0] 0:#0x1100']],
    codecs: 'libx264 copy',
    filters: 'scale',
    globals: 'y stats loglevel loglevel_plex progressurl filter_complex',
  },
  {
    title: 'Plex, a version made for later with a sidecar',
    line: `-codec:0 | hevc | -i | /films/e.mkv | ${newGlobals} | -map | 0:0 | -codec:0 | copy | -f | mp4 | -movflags | +faststart | /films/Plex Versions/.inProgress/E_ Part 2 (2021).mp4.7 | -map | 0:4 | -codec:0 | copy | -strict_ts:0 | 0 | -f | srt | /films/Plex Versions/.inProgress/E_ Part 2 (2021).mp4.7.sidecar`,
    inputs: ['/films/e.mkv'],
    outputs: [
      ['mp4', '/films/Plex Versions/.inProgress/E_ Part 2 (2021).mp4.7', '0:0'],
      ['srt', '/films/Plex Versions/.inProgress/E_ Part 2 (2021).mp4.7.sidecar', '0:4'],
    ],
    codecs: 'copy copy',
    globals: 'y stats loglevel loglevel_plex progressurl',
  },
  {
    title: 'Plex, thumbnails',
    line: '-codec:v | libdav1d | -y | -threads | 4 | -skip_frame | noref | -ss | 2210 | -i | /films/f.mkv | -vf | [in]fps=0.5,scale=w=320:h=320:force_original_aspect_ratio=increase,showinfo[out] | -vsync | passthrough | -f | image2 | thumb-%05d.jpeg',
    inputs: ['/films/f.mkv'],
    outputs: [['image2', 'thumb-%05d.jpeg', '']],
    filters: 'fps scale showinfo',
    globals: 'y vsync',
  },
  {
    title: 'Plex, a tuner',
    line: `-noaccurate_seek | -ignore_unknown | -scan_all_pmts | -1 | -rw_timeout | 30000000 | -reconnect | 1 | -fflags | +discardcorruptts+fillwallclockdts | -i | http://127.0.0.1:5004/auto/v1 | -map | 0:V? | -codec:V | copy | -map | 0:a? | -codec:a | copy | -break_non_keyframes | 1 | ${ssegment} | media-%05d.ts | ${newGlobals}`,
    inputs: ['http://127.0.0.1:5004/auto/v1'],
    outputs: [['ssegment', 'media-%05d.ts', '0:V? 0:a?']],
    codecs: 'copy copy',
    globals: 'ignore_unknown y stats loglevel loglevel_plex progressurl',
  },
  {
    title: 'Jellyfin, HLS in software with a subtitle burnt in',
    line: "-analyzeduration | 200M | -probesize | 1G | -ss | 00:01:33.000 | -f | matroska | -autorotate | 0 | -i | file:/shows/g.mkv | -autoscale | 0 | -map_metadata | -1 | -map_chapters | -1 | -threads | 0 | -map | 0:0 | -map | 0:1 | -map | -0:s | -codec:v:0 | libx264 | -preset | veryfast | -crf | 23 | -profile:v:0 | high | -x264opts:0 | subme=0:me=hex:open_gop=0 | -force_key_frames:0 | expr:gte(t,93+n_forced*3) | -sc_threshold:v:0 | 0 | -vf | scale=trunc(min(max(iw\\,ih*a)\\,1280)/2)*2:trunc(ow/a/2)*2,subtitles=f='/shows/g [1]/d'\\\\\\''un.ass':charenc=utf-8:fontsdir='/fonts' | -codec:a:0 | libfdk_aac | -ac | 2 | -ab | 256000 | -af | volume=2 | -copyts | -avoid_negative_ts | disabled | -max_muxing_queue_size | 2048 | -f | hls | -max_delay | 5000000 | -hls_time | 3 | -hls_segment_type | fmp4 | -hls_fmp4_init_filename | x-1.mp4 | -start_number | 31 | -hls_segment_filename | /t/x%d.mp4 | -hls_playlist_type | vod | -hls_list_size | 0 | -hls_segment_options | movflags=+frag_discont | -y | /t/x.m3u8",
    inputs: ['file:/shows/g.mkv'],
    outputs: [['hls', '/t/x.m3u8', '0:0 0:1 -0:s']],
    codecs: 'libx264 libfdk_aac',
    filters: 'scale subtitles volume',
    globals: 'copyts y',
  },
  {
    title: 'Jellyfin, a picture subtitle laid over in hardware of its own build',
    line: '-init_hw_device | rkmpp=rk | -hwaccel | rkmpp | -noautorotate | -afbc | rga | -i | file:/shows/h.mkv | -noautoscale | -map | 0:2 | -codec:v:0 | h264_rkmpp | -qp_init | 23 | -b:v | 9M | -filter_complex | [0:3]scale,scale=-1:1080:fast_bilinear,crop,pad=max(1920\\,iw):max(1080\\,ih):(ow-iw)/2:(oh-ih)/2:black@0[sub];[0:0]vpp_rkrga=format=nv12[main];[main][sub]overlay_rkrga=eof_action=pass | -f | hls | -y | /t/h.m3u8',
    inputs: ['file:/shows/h.mkv'],
    outputs: [['hls', '/t/h.m3u8', '0:2']],
    codecs: 'h264_rkmpp',
    filters: 'scale scale crop pad vpp_rkrga overlay_rkrga',
    globals: 'init_hw_device filter_complex y',
  },
  {
    title: 'Jellyfin, subtitles taken out into several files',
    line: '-y | -i | file:/shows/i.mkv | -map | 0:2 | -an | -vn | -c:s | srt | -flush_packets | 1 | /t/2.srt | -map | 0:3 | -an | -vn | -c:s | copy | -flush_packets | 1 | /t/3.ass',
    inputs: ['file:/shows/i.mkv'],
    outputs: [
      [null, '/t/2.srt', '0:2'],
      [null, '/t/3.ass', '0:3'],
    ],
    codecs: 'srt copy',
    globals: 'y',
  },
  {
    title: 'Jellyfin, fonts taken out, with an empty argument and no output',
    line: '-dump_attachment:t |  | -y | -i | file:/shows/j.mks',
    inputs: ['file:/shows/j.mks'],
    globals: 'y',
    problems: 'no-output',
  },
  {
    title: 'Jellyfin, loudness, written to standard output',
    line: '-hide_banner | -i | /music/k.flac | -af | ebur128=framelog=verbose | -f | null | -',
    inputs: ['/music/k.flac'],
    outputs: [['null', '-', '']],
    filters: 'ebur128',
    globals: 'hide_banner',
  },
  {
    title: 'Jellyfin, asking what a filter can do',
    line: '-hide_banner | -loglevel | warning | -threads | 2 | -h | filter=tonemap_cuda',
    inputs: [],
    globals: 'hide_banner loglevel h',
  },
  {
    title: 'Jellyfin, asking what is in a file',
    tool: 'ffprobe',
    line: '-analyzeduration | 200M | -probesize | 1G | -i | file:/shows/l.mkv | -threads | 0 | -v | warning | -print_format | json | -show_streams | -show_chapters | -show_format',
    inputs: ['file:/shows/l.mkv'],
    globals: 'loglevel print_format show_streams show_chapters show_format',
  },
  {
    title: 'Emby, live, with options of its own',
    line: '-loglevel | +timing | -y | -print_graphs_file | /logs/graph.txt | -copyts | -start_at_zero | -f | mpegts | -c:v:0 | h264 | -noautorotate | -i | http://127.0.0.1/ts/1 | -filter_complex | [0:0]format@f1=pix_fmts=yuv420p[f1_out0] | -map | [f1_out0] | -map | 0:1 | -sn | -c:v:0 | libx264 | -b:v:0 | 5544065 | -r:v:0 | 50 | -c:a:0 | libmp3lame | -ab:a:0 | 65646 | -ac:a:0 | 2 | -disposition:a:0 | default | -f | segment | -segment_list | /t/m.m3u8 | -segment_time | 00:00:03.000 | -write_header_trailer | 0 | -segment_write_temp | 1 | /t/m_%d.ts',
    inputs: ['http://127.0.0.1/ts/1'],
    outputs: [['segment', '/t/m_%d.ts', '[f1_out0] 0:1']],
    codecs: 'libx264 libmp3lame',
    filters: 'format',
    globals: 'loglevel y print_graphs_file copyts start_at_zero filter_complex',
  },
]

describe.each(examples)('$title', (example) => {
  const argv = example.line.split(' | ')
  const command = parseCommand(argv, example.tool)

  it('prints back exactly', () => {
    expect(printCommand(command)).toEqual(argv)
  })

  it('is understood', () => {
    expect(command.unknown).toEqual([])
    expect(command.problems.map(({ kind }) => kind).join(' ')).toBe(example.problems ?? '')
  })

  it('has its inputs, outputs and maps', () => {
    expect(command.inputs.map(({ path }) => path)).toEqual(example.inputs)
    const outputs = command.outputs.map((output) => [
      lastValue(output.options, 'f'),
      output.path,
      mapsOf(output)
        .map(({ text }) => text)
        .join(' '),
    ])
    expect(outputs).toEqual(example.outputs ?? [])
  })

  it('has its codecs and global options', () => {
    const codecs = command.outputs.flatMap((output) => optionsOf(output, 'codec').map(({ value }) => value))
    expect(codecs.join(' ')).toBe(example.codecs ?? '')
    expect(command.globals.map(({ name }) => name).join(' ')).toBe(example.globals)
  })

  it('has filter graphs that print back exactly', () => {
    const graphs = [...complexGraphs(command), ...command.outputs.flatMap(simpleGraphs)]
    const names = graphs.flatMap(({ option, graph }) => {
      if (graph.kind === 'error') return [graph.what]
      expect(printFilterGraph(graph)).toBe(option.value)
      return graph.chains.flatMap(({ filters }) => filters.map(({ name }) => name))
    })
    expect(names.join(' ')).toBe(example.filters ?? '')
  })
})
