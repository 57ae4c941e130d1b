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
  sideLine,
  softScale,
  some,
  tags,
  toneMap,
  turn,
  type Way,
  when,
} from './jellyfin-lines.ts'

export function amf(picture: JellyfinPicture, { decodes }: Way): Lines {
  const isMapped = isHdr(picture)
  const back = ['hwmap=derive_device=d3d11va:mode=write:reverse=1', 'format=d3d11']
  if (!decodes && !isMapped) {
    return inMemory(
      picture,
      some(tags(picture), picture.interlaced && fields(picture), softScale(picture), 'format=yuv420p'),
    )
  }
  const head = decodes
    ? some(
        ...[
          tags(picture),
          'hwmap=derive_device=opencl:mode=read',
          picture.interlaced && fields(picture, '_opencl'),
        ],
        turn(picture) !== '' && `transpose_opencl=dir=${turn(picture)}`,
        chipScale('scale_opencl', picture, isMapped ? '' : 'nv12'),
      )
    : some(
        ...[tags(picture), picture.interlaced && fields(picture), softScale(picture), 'format=yuv420p10le'],
        ...[
          'hwupload=derive_device=d3d11va:extra_hw_frames=24',
          'format=d3d11',
          'hwmap=derive_device=opencl:mode=read',
        ],
      )
  const main = [...head, ...when(isMapped, toneMap('opencl', picture, 'nv12'))]
  const join = [
    `overlay_opencl=eof_action=pass:repeatlast=0${isWords(picture) ? ':alpha_format=premultiplied' : ''}`,
  ]
  return onChip(picture, main, sideLine(picture, 'yuva420p', ['hwupload=derive_device=opencl']), join, back)
}

export function rkmpp(picture: JellyfinPicture, { decodes, encodes }: Way): Lines {
  const isMapped = isHdr(picture)
  const isWhole = decodes && encodes && !isMapped
  const scaled = softScale(picture)
  const format = isMapped ? 'yuv420p10le' : isBitmaps(picture) ? 'yuv420p' : 'nv12'
  const more = `${turn(picture) === '' ? '' : `:transpose=${turn(picture)}`}${isWhole ? ':afbc=1' : ''}`
  const head = decodes
    ? some(tags(picture), chipScale('vpp_rkrga', picture, isMapped ? 'p010' : 'nv12', more))
    : some(
        ...[tags(picture), picture.interlaced && fields(picture), scaled && `${scaled}:flags=fast_bilinear`],
        ...[`format=${format}`, isMapped && 'hwupload=derive_device=opencl'],
      )
  const map = [...when(decodes, 'hwmap=derive_device=opencl'), toneMap('opencl', picture, 'nv12')]
  const main = [...head, ...when(isMapped, ...map)]
  if (!(decodes && encodes)) {
    return inMemory(picture, [...main, ...when(decodes || isMapped, 'hwdownload', 'format=nv12')])
  }
  const up = ['hwupload=derive_device=rkmpp']
  const join = ['overlay_rkrga=eof_action=pass:repeatlast=0:format=nv12:afbc=1']
  return onChip(
    picture,
    [...main, ...when(isMapped, 'hwmap=derive_device=rkmpp:reverse=1', 'format=drm_prime')],
    sideLine(picture, 'bgra', up),
    join,
  )
}

export function apple(picture: JellyfinPicture, metal: boolean, old: boolean): Lines {
  const isMapped = isHdr(picture)
  const scale = chipScale('scale_vt', picture, picture.bits === 10 && !(isMapped && metal) ? 'nv12' : '')
  const colors = 'color_matrix=bt709:color_primaries=bt709:color_transfer=bt709'
  const mapping = scale ? `${scale}:${colors}` : `scale_vt=${colors}`
  const main = some(
    picture.interlaced && fields(picture, '_videotoolbox'),
    turn(picture) !== '' && `transpose_vt=dir=${turn(picture)}`,
    isMapped && !metal ? mapping : scale,
    isMapped && metal && toneMap('videotoolbox', picture, 'nv12'),
  )
  const lines = onChip(picture, main, sideLine(picture, 'bgra', ['hwupload']), [
    'overlay_videotoolbox=eof_action=pass:repeatlast=0',
  ])
  const isIdle = lines.main.length + lines.side.length === 0
  return old && !isIdle
    ? { ...lines, main: ['format=nv12|p010le|videotoolbox_vld', 'hwupload', ...lines.main] }
    : lines
}
