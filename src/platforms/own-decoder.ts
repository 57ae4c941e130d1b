/**
 * Which of FFmpeg's decoders a chip helps, where the one that it takes by itself is another: of AV1 that is dav1d (or aom),
 * which knows no hardware, so that `-hwaccel` before it goes for nothing (seen with 5.1 on an H200).
 */
export function ownDecoder(codec: string): readonly string[] {
  return codec === 'av1' ? ['-c:v', 'av1'] : []
}
