import {
  chipScale,
  fields,
  inMemory,
  isBitmaps,
  isHdr,
  isWords,
  type JellyfinPicture,
  type Lines,
  onChip,
  outSides,
  sideLine,
  softScale,
  some,
  tags,
  toneMap,
  turn,
  type Way,
  when,
} from './jellyfin-lines.ts'

export function software(
  picture: JellyfinPicture,
  format = 'yuv420p',
  divisor = 2,
  after: readonly string[] = [],
): Lines {
  const map = `tonemapx=tonemap=${picture.curve}:desat=0:peak=100:t=bt709:m=bt709:p=bt709:format=${format}`
  const main = some(
    ...[tags(picture), picture.interlaced && fields(picture), softScale(picture, divisor)],
    isHdr(picture) ? map : `format=${format}`,
  )
  return inMemory(picture, main, after)
}

export function cuda(picture: JellyfinPicture, { decodes, encodes }: Way): Lines {
  const isMapped = isHdr(picture)
  const head = decodes
    ? some(
        ...[tags(picture), picture.interlaced && fields(picture, '_cuda')],
        turn(picture) !== '' && `transpose_cuda=dir=${turn(picture)}`,
        chipScale('scale_cuda', picture, isMapped ? '' : 'yuv420p'),
      )
    : some(
        ...[tags(picture), picture.interlaced && fields(picture), softScale(picture)],
        ...[`format=${isMapped ? 'p010le' : 'yuv420p'}`, isMapped && 'hwupload=derive_device=cuda'],
      )
  const main = [...head, ...when(isMapped, toneMap('cuda', picture, 'yuv420p'))]
  if (decodes && encodes) {
    const join = [
      `${'overlay_cuda'}=eof_action=pass:repeatlast=0${isWords(picture) ? ':alpha_format=premultiplied' : ''}`,
    ]
    return onChip(picture, main, sideLine(picture, 'yuva420p', ['hwupload=derive_device=cuda']), join)
  }
  const isDown = decodes || (isMapped && picture.text !== 'none')
  return inMemory(picture, [...main, ...when(isDown, 'hwdownload', 'format=yuv420p')])
}

export function qsv(
  picture: JellyfinPicture,
  decoder: 'vaapi' | 'qsv' | 'd3d11va' | null,
  drivers: boolean,
): Lines {
  const isMapped = isHdr(picture)
  if (decoder === null) {
    const format = isMapped ? 'yuv420p10le' : isBitmaps(picture) ? 'yuv420p' : 'nv12'
    const mapped = [
      'hwupload=derive_device=opencl',
      toneMap('opencl', picture, 'nv12'),
      'hwmap=mode=read',
      'format=nv12',
    ]
    return inMemory(picture, [
      ...some(tags(picture), picture.interlaced && fields(picture), softScale(picture), `format=${format}`),
      ...when(isMapped, ...mapped),
    ])
  }
  const isVaapi = decoder === 'vaapi'
  const fieldFilter = isVaapi
    ? `deinterlace_vaapi=rate=${picture.doubleRate ? 'field' : 'frame'}`
    : 'deinterlace_qsv=mode=2'
  const more = isVaapi ? ':extra_hw_frames=24' : turn(picture) === '' ? '' : `:transpose=${turn(picture)}`
  const format = isMapped ? (!isVaapi && turn(picture) !== '' ? 'p010' : '') : 'nv12'
  const main = some(
    ...[tags(picture), ...when(decoder === 'd3d11va', 'hwmap=derive_device=qsv', 'format=qsv')],
    ...[
      picture.interlaced && fieldFilter,
      isVaapi && turn(picture) !== '' && `transpose_vaapi=dir=${turn(picture)}`,
    ],
    chipScale(isVaapi ? 'scale_vaapi' : 'vpp_qsv', picture, format, more),
    ...when(isMapped && drivers && !isVaapi, 'hwmap=derive_device=vaapi', 'format=vaapi'),
    ...when(isMapped && drivers, toneMap('vaapi', picture, 'nv12')),
    ...when(isMapped && drivers && !isVaapi, 'hwmap=derive_device=qsv', 'format=qsv'),
    ...when(isMapped && !drivers, 'hwmap=derive_device=opencl:mode=read', toneMap('opencl', picture, 'nv12')),
    ...(isMapped && !drivers
      ? ['hwmap=derive_device=qsv:mode=write:reverse=1:extra_hw_frames=16', 'format=qsv']
      : when(isVaapi, 'hwmap=derive_device=qsv', 'format=qsv')),
  )
  const [width, height] = outSides(picture)
  const join = [`overlay_qsv=eof_action=pass:repeatlast=0:w=${width}:h=${height}`]
  return onChip(
    picture,
    main,
    sideLine(picture, 'bgra', ['hwupload=derive_device=qsv:extra_hw_frames=64']),
    join,
  )
}

export function vaapi(picture: JellyfinPicture, { decodes, encodes }: Way, drivers: boolean): Lines {
  const isMapped = isHdr(picture)
  const opencl = isMapped && !(drivers && decodes)
  const head = decodes
    ? some(
        ...[
          tags(picture),
          picture.interlaced && `deinterlace_vaapi=rate=${picture.doubleRate ? 'field' : 'frame'}`,
        ],
        turn(picture) !== '' && `transpose_vaapi=dir=${turn(picture)}`,
        chipScale('scale_vaapi', picture, isMapped ? '' : 'nv12', ':extra_hw_frames=24'),
        isMapped && !opencl && toneMap('vaapi', picture, 'nv12'),
        opencl && 'hwmap=derive_device=opencl:mode=read',
      )
    : some(
        ...[tags(picture), picture.interlaced && fields(picture), softScale(picture)],
        ...[`format=${isMapped ? 'yuv420p10le' : 'nv12'}`, isMapped && 'hwupload=derive_device=opencl'],
      )
  const mapped = [...head, ...when(opencl, toneMap('opencl', picture, 'nv12'))]
  if (decodes && encodes) {
    const main = [
      ...mapped,
      ...when(opencl, 'hwmap=derive_device=vaapi:mode=write:reverse=1', 'format=vaapi'),
    ]
    const [width, height] = outSides(picture)
    const join = [`overlay_vaapi=eof_action=pass:repeatlast=0:w=${width}:h=${height}`]
    return onChip(picture, main, sideLine(picture, 'bgra', ['hwupload=derive_device=vaapi']), join)
  }
  const down = decodes ? ['hwmap=mode=read', 'format=nv12'] : when(opencl, 'hwdownload', 'format=nv12')
  return inMemory(picture, [...mapped, ...down], when(encodes, 'hwupload_vaapi'))
}

/** Drivers that cannot lay over: subtitles are drawn in memory. */
export function vaapiOther(picture: JellyfinPicture): Lines {
  const isMapped = isHdr(picture)
  const map = [
    'hwdownload',
    'format=p010le',
    'hwupload=derive_device=opencl',
    toneMap('opencl', picture, 'nv12'),
  ]
  const main = some(
    ...[
      tags(picture),
      picture.interlaced && `deinterlace_vaapi=rate=${picture.doubleRate ? 'field' : 'frame'}`,
    ],
    chipScale('scale_vaapi', picture, isMapped ? '' : 'nv12', ':extra_hw_frames=24'),
    ...when(isMapped, ...map, 'hwdownload', 'format=nv12'),
  )
  const isDown = picture.text !== 'none' || isMapped
  const download = when(
    picture.text !== 'none' && !isMapped,
    isBitmaps(picture) ? 'hwdownload' : 'hwmap',
    'format=nv12',
  )
  return inMemory(picture, [...main, ...download], when(isDown, 'hwupload_vaapi'))
}

export function vulkan(picture: JellyfinPicture, old: boolean): Lines {
  const [width, height] = outSides(picture)
  const isMapped = isHdr(picture)
  const fieldFilter = `deinterlace_vaapi=rate=${picture.doubleRate ? 'field' : 'frame'}`
  const isTurned = turn(picture) !== ''
  if (!isMapped && picture.text === 'none' && !isTurned) {
    const main = some(
      tags(picture),
      picture.interlaced && fieldFilter,
      chipScale('scale_vaapi', picture, 'nv12'),
    )
    return { main, side: [], join: [] }
  }
  const through = [
    'hwmap=derive_device=drm',
    'format=drm_prime',
    'hwmap=derive_device=vulkan',
    'format=vulkan',
    'scale_vulkan',
  ]
  const size = picture.width === null && !isTurned ? '' : `:w=${width}:h=${height}`
  const curve = { bt2390: 'bt.2390', hable: 'hable', reinhard: 'reinhard' }[picture.curve]
  const map = `:tonemapping=${curve}:peak_detect=0:color_primaries=bt709:color_trc=bt709:colorspace=bt709`
  const end = [
    'hwmap=derive_device=vaapi',
    'format=vaapi',
    'scale_vaapi=format=nv12',
    ...when(picture.interlaced, fieldFilter),
  ]
  const main = some(
    ...[tags(picture), ...(old ? ['hwmap=derive_device=vulkan', 'format=vulkan'] : through)],
    isTurned && (turn(picture) === 'reversal' ? 'flip_vulkan' : `transpose_vulkan=dir=${turn(picture)}`),
    `libplacebo=upscaler=none:downscaler=none${size}:format=bgra${isMapped ? map : ''}`,
    'format=vulkan',
  )
  const up = ['hwupload=derive_device=vulkan', 'format=vulkan']
  return onChip(
    picture,
    main,
    sideLine(picture, 'bgra', up),
    ['overlay_vulkan=eof_action=pass:repeatlast=0'],
    end,
  )
}
