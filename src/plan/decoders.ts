import type { Command, CommandOption } from '../command/command.ts'
import { NotPlannable } from './refusal.ts'

/**
 * Decoders of FFmpeg's own, and those of Plex that stand for one of them: the server's choice of one of these is what a
 * node would choose by itself for the codec, so that nothing has to be said.
 */
const plainDecoders = new Set(
  `
    h264 hevc mpeg1video mpeg2video mpeg4 msmpeg4v1 msmpeg4v2 msmpeg4v3 vc1 wmv1 wmv2 wmv3 vp6 vp6f vp8 vp9 av1 libdav1d
    theora mjpeg rv30 rv40 flv1 h263 dvvideo prores ffv1 svq3 cinepak rawvideo libvpx libvpx-vp9
    aac aac_lc aac_latm ac3 ac3_fixed eac3 truehd mlp dca mp1 mp2 mp2float mp3 mp3float flac alac opus libopus vorbis libvorbis
    wmav1 wmav2 wmapro wmalossless cook ape tta wavpack amrnb amrwb
    ac3_eae eac3_eae truehd_eae mlp_eae
    pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_f32le pcm_u8 pcm_bluray pcm_dvd pcm_alaw pcm_mulaw
    adpcm_ms adpcm_ima_wav adpcm_ima_qt
    subrip srt ass ssa mov_text webvtt text pgssub dvdsub dvbsub xsub
  `
    .trim()
    .split(/\s+/),
)

/** Chips by the end of their decoders' names: h264_cuvid, hevc_qsv. The rest of the name is the codec. */
const chip =
  /^(h264|hevc|mpeg2|mpeg2video|mpeg4|vc1|vp8|vp9|av1|mjpeg)_(cuvid|nvdec|qsv|v4l2m2m|mmal|videotoolbox|vaapi|mediacodec|rkmpp|omx|d3d11va|dxva2|amf|crystalhd)$/

/** Throws NotPlannable for a decoder that a node could not do without or would not choose by itself. */
export function demandDecoders(command: Command): void {
  for (const option of command.inputs.flatMap(({ options }) => options)) demandDecoder(option)
}

function demandDecoder({ name, value }: CommandOption): void {
  if (name !== 'codec') return
  if (value !== null && (plainDecoders.has(value) || chip.test(value))) return
  throw new NotPlannable('unknown-decoder', `the decoder ${value}`)
}
