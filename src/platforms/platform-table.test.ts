import { describe, expect, it } from 'vitest'
import type { Plan } from '../plan/plan.ts'
import { platformNamed } from './all.ts'
import { argumentFault } from './allowed.ts'
import type { LeaseRange } from './platform.ts'
import { hdrPlan, televisionPlan } from './testing/chip-plans.ts'
import { optionValue } from './testing/option-value.ts'

/**
 * What each platform runs, word by word: its devices and decoder, its filters (GRID are those that put frames on slots,
 * the same for all), its encoder. Chains and options are those of Jellyfin's EncodingHelper, of jetson-ffmpeg and of
 * FFmpeg's sources, as far as they do not contradict what a lease needs.
 */
type Row = readonly [platform: string, rung: string, decoder: string, filters: string, encoder: string]

const range: LeaseRange = { from: 2, to: 5, open: false, failures: 0 }
const grid = 'fps=25/1,trim=start_pts=100,trim=end_frame=150'

function rowOf(name: string, plan: Plan): Row {
  const compiled = platformNamed(name)!.compileVideo(plan, range)
  if ('out' in compiled) throw new Error(compiled.out)
  const { args, rung } = compiled
  expect(argumentFault(args)).toBeUndefined()
  const input = args.indexOf('-i')
  return [
    name,
    rung!,
    args.slice(args.indexOf('0.5') + 1, args.indexOf('-noaccurate_seek')).join(' '),
    optionValue(args, '-vf')!.replace(grid, 'GRID'),
    args.slice(args.indexOf('-c:v', input), args.indexOf('-max_delay')).join(' '),
  ]
}

const film: readonly Row[] = [
  [
    'nvidia',
    'full',
    '-init_hw_device cuda=cu:0 -filter_hw_device cu -hwaccel cuda -hwaccel_output_format cuda -hwaccel_device cu -extra_hw_frames 8 -threads 1',
    'GRID,scale_cuda=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,tonemap_paceline_cuda=tonemap=mobius:peak=4000:desat=0:format=nv12',
    '-c:v h264_nvenc -rc vbr -cq 21 -b:v 0 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 250 -bf 0 -preset p3 -forced-idr 1 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'jetson',
    'full',
    '-init_hw_device cuda=cu:0 -filter_hw_device cu -hwaccel nvtegra',
    'GRID,format=pix_fmts=p010le,hwupload,scale_cuda=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,tonemap_paceline_cuda=tonemap=mobius:peak=4000:desat=0:format=nv12,hwdownload,format=pix_fmts=nv12,format=pix_fmts=yuv420p',
    '-c:v h264_nvmpi -rc vbr -b:v 5878000 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 50 -bf 0 -preset fast -bsf:v setts=dts=PTS-2',
  ],
  [
    'intel-qsv',
    'full',
    '-init_hw_device vaapi=va:,driver=iHD -init_hw_device qsv=qs@va -filter_hw_device va -hwaccel vaapi -hwaccel_output_format vaapi -hwaccel_device va -extra_hw_frames 16',
    'GRID,scale_vaapi=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,tonemap_vaapi=format=nv12:p=bt709:t=bt709:m=bt709:extra_hw_frames=32,hwmap=derive_device=qsv,format=pix_fmts=qsv',
    '-c:v h264_qsv -global_quality 21 -b:v 7999999 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 250 -bf 0 -preset fast -forced_idr 1 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'intel-vaapi',
    'full',
    '-init_hw_device vaapi=va: -filter_hw_device va -hwaccel vaapi -hwaccel_output_format vaapi -hwaccel_device va -extra_hw_frames 16',
    'GRID,scale_vaapi=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,tonemap_vaapi=format=nv12:p=bt709:t=bt709:m=bt709:extra_hw_frames=32',
    '-c:v h264_vaapi -rc_mode VBR -b:v 8000000 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 250 -bf 0 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'amd-vaapi',
    'full',
    '-init_hw_device drm=dr:/dev/dri/renderD128 -init_hw_device vaapi=va@dr -init_hw_device vulkan=vk@dr -filter_hw_device va -hwaccel vaapi -hwaccel_output_format vaapi -hwaccel_device va -extra_hw_frames 16',
    'GRID,scale_vaapi=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,hwmap=derive_device=vulkan,libplacebo=tonemapping=mobius:gamut_mode=clip:dithering=none:peak_detect=0:colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv:format=bgra,hwmap=derive_device=vaapi:reverse=1,scale_vaapi=format=nv12',
    '-c:v h264_vaapi -rc_mode VBR -b:v 8000000 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 250 -bf 0 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'amf',
    'full',
    '-init_hw_device d3d11va=dx:,vendor=0x1002 -init_hw_device opencl=ocl@dx -filter_hw_device ocl -hwaccel d3d11va -hwaccel_output_format d3d11 -hwaccel_device dx',
    'GRID,hwmap=derive_device=opencl:mode=read,scale_opencl=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,tonemap_opencl=format=nv12:p=bt709:t=bt709:m=bt709:r=tv:tonemap=mobius:peak=400:desat=0,hwmap=derive_device=d3d11va:mode=write:reverse=1,format=pix_fmts=d3d11',
    '-c:v h264_amf -rc vbr_peak -b:v 8000000 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 250 -bf 0 -quality balanced -forced_idr 1 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'rockchip',
    'full',
    '-init_hw_device rkmpp=rk -filter_hw_device rk -hwaccel rkmpp -hwaccel_output_format drm_prime -hwaccel_device rk',
    'GRID,scale_rkrga=w=1920:h=1080:format=p010,scale_rkrga=format=p010,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,hwmap=derive_device=opencl,tonemap_opencl=format=nv12:p=bt709:t=bt709:m=bt709:r=tv:tonemap=mobius:peak=400:desat=0,hwmap=derive_device=rkmpp:reverse=1,format=pix_fmts=drm_prime',
    '-c:v h264_rkmpp -rc_mode VBR -b:v 8000000 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 50 -bf 0 -bsf:v setts=dts=PTS-2',
  ],
  [
    'apple',
    'full',
    '-init_hw_device videotoolbox=vt -filter_hw_device vt -hwaccel videotoolbox -hwaccel_output_format videotoolbox_vld',
    'GRID,scale_vt=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,scale_vt=color_matrix=bt709:color_primaries=bt709:color_transfer=bt709',
    '-c:v h264_videotoolbox -b:v 8000000 -profile:v high -level 41 -g 250 -bf 0 -prio_speed 1 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'v4l2',
    'copy-back',
    '-hwaccel drm',
    'GRID,scale=w=1920:h=1080,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,format=yuv420p10le,tonemap_paceline=tonemap=mobius:peak=4000:desat=0,format=pix_fmts=yuv420p|nv12,format=pix_fmts=yuv420p',
    '-c:v h264_v4l2m2m -b:v 5878000 -profile:v 100 -level 41 -g 50 -bf 0 -num_output_buffers 32 -num_capture_buffers 16 -bsf:v setts=dts=PTS-2',
  ],
  [
    'vulkan',
    'full',
    '-init_hw_device vulkan=vk -filter_hw_device vk -hwaccel vulkan -hwaccel_output_format vulkan -hwaccel_device vk',
    'GRID,libplacebo=w=1920:h=1080:peak_detect=0,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc,libplacebo=tonemapping=mobius:gamut_mode=clip:dithering=none:peak_detect=0:colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv:format=nv12',
    '-c:v h264_vulkan -rc_mode vbr -b:v 8000000 -maxrate 8000000 -bufsize 16000000 -profile:v high -level 41 -g 250 -bf 0 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
]

const television: readonly Row[] = [
  [
    'nvidia',
    'full',
    '-init_hw_device cuda=cu:0 -filter_hw_device cu -hwaccel cuda -hwaccel_output_format cuda -hwaccel_device cu -extra_hw_frames 8 -threads 1',
    'yadif_cuda=mode=send_frame:parity=auto:deint=interlaced,GRID,scale_cuda=w=-2:h=720:force_divisible_by=2',
    '-c:v hevc_nvenc -rc vbr -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 250 -bf 0 -preset p1 -forced-idr 1 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'jetson',
    'full',
    '-init_hw_device cuda=cu:0 -filter_hw_device cu -hwaccel nvtegra',
    'format=pix_fmts=nv12,hwupload,yadif_cuda=mode=send_frame:parity=auto:deint=interlaced,GRID,scale_cuda=w=-2:h=720:force_divisible_by=2,hwdownload,format=pix_fmts=nv12,format=pix_fmts=yuv420p',
    '-c:v hevc_nvmpi -rc vbr -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 50 -bf 0 -preset ultrafast -bsf:v setts=dts=PTS-2',
  ],
  [
    'intel-qsv',
    'full',
    '-init_hw_device vaapi=va:,driver=iHD -init_hw_device qsv=qs@va -filter_hw_device va -hwaccel vaapi -hwaccel_output_format vaapi -hwaccel_device va -extra_hw_frames 16',
    'deinterlace_vaapi=rate=frame:auto=1,GRID,scale_vaapi=w=-2:h=720:force_divisible_by=2,hwmap=derive_device=qsv,format=pix_fmts=qsv',
    '-c:v hevc_qsv -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 250 -bf 0 -preset veryfast -forced_idr 1 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'intel-vaapi',
    'full',
    '-init_hw_device vaapi=va: -filter_hw_device va -hwaccel vaapi -hwaccel_output_format vaapi -hwaccel_device va -extra_hw_frames 16',
    'deinterlace_vaapi=rate=frame:auto=1,GRID,scale_vaapi=w=-2:h=720:force_divisible_by=2',
    '-c:v hevc_vaapi -rc_mode VBR -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 250 -bf 0 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'amd-vaapi',
    'full',
    '-init_hw_device drm=dr:/dev/dri/renderD128 -init_hw_device vaapi=va@dr -init_hw_device vulkan=vk@dr -filter_hw_device va -hwaccel vaapi -hwaccel_output_format vaapi -hwaccel_device va -extra_hw_frames 16',
    'deinterlace_vaapi=rate=frame:auto=1,GRID,scale_vaapi=w=-2:h=720:force_divisible_by=2',
    '-c:v hevc_vaapi -rc_mode VBR -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 250 -bf 0 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'amf',
    'full',
    '-init_hw_device d3d11va=dx:,vendor=0x1002 -init_hw_device opencl=ocl@dx -filter_hw_device ocl -hwaccel d3d11va -hwaccel_output_format d3d11 -hwaccel_device dx',
    'hwdownload,format=pix_fmts=nv12,yadif=mode=send_frame:parity=auto:deint=interlaced,GRID,scale=w=-2:h=720:force_divisible_by=2,format=pix_fmts=yuv420p|nv12,format=pix_fmts=nv12',
    '-c:v hevc_amf -rc vbr_peak -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 250 -bf 0 -quality speed -forced_idr 1 -header_insertion_mode idr -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'rockchip',
    'full',
    '-init_hw_device rkmpp=rk -filter_hw_device rk -hwaccel rkmpp -hwaccel_output_format drm_prime -hwaccel_device rk',
    'hwdownload,format=pix_fmts=nv12,yadif=mode=send_frame:parity=auto:deint=interlaced,GRID,scale=w=-2:h=720:force_divisible_by=2,format=pix_fmts=yuv420p|nv12,format=pix_fmts=nv12',
    '-c:v hevc_rkmpp -rc_mode VBR -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 50 -bf 0 -bsf:v setts=dts=PTS-2',
  ],
  [
    'apple',
    'full',
    '-init_hw_device videotoolbox=vt -filter_hw_device vt -hwaccel videotoolbox -hwaccel_output_format videotoolbox_vld',
    'yadif_videotoolbox=mode=send_frame:parity=auto:deint=interlaced,GRID,scale_vt=w=-2:h=720',
    '-c:v hevc_videotoolbox -b:v 2000000 -g 250 -bf 0 -prio_speed 1 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'v4l2',
    'decode',
    '-c:v h264_v4l2m2m',
    'yadif=mode=send_frame:parity=auto:deint=interlaced,GRID,scale=w=-2:h=720:force_divisible_by=2,format=pix_fmts=yuv420p|nv12',
    '-c:v libx265 -b:v 2M -maxrate 3M -bufsize 6M -x265-params open-gop=0:log-level=error -forced-idr 1 -force_key_frames 4.000000,6.000000,8.000000',
  ],
  [
    'vulkan',
    'full',
    '-init_hw_device vulkan=vk -filter_hw_device vk -hwaccel vulkan -hwaccel_output_format vulkan -hwaccel_device vk',
    'hwdownload,format=pix_fmts=nv12,yadif=mode=send_frame:parity=auto:deint=interlaced,GRID,scale=w=-2:h=720:force_divisible_by=2,format=pix_fmts=yuv420p|nv12,format=pix_fmts=nv12,hwupload',
    '-c:v hevc_vulkan -rc_mode vbr -b:v 2000000 -maxrate 3000000 -bufsize 6000000 -g 250 -bf 0 -bsf:v setts=dts=PTS-2 -force_key_frames 4.000000,6.000000,8.000000',
  ],
]

describe('a film in 4K and HDR10, to 1080p in H.264 with quality and a cap', () => {
  it.each(film)('by %s', (...row) => {
    expect(rowOf(row[0], hdrPlan)).toEqual(row)
  })
})

describe('interlaced television, to 720p in HEVC with a rate', () => {
  it.each(television)('by %s', (...row) => {
    expect(rowOf(row[0], televisionPlan)).toEqual(row)
  })
})
