import { collect, withPath } from '../clips/media-input.ts'
import { framesPerSecond, segmentSeconds } from './hdr-film.ts'
import { type ChipEvidence, seamsOf } from './judge.ts'

const framesPerSegment = framesPerSecond * segmentSeconds

/** How the processor maps the film's tones, as leases have it (paceline-tone-map.ts), in the size that is wanted. */
const onProcessor = (width: number, height: number): string =>
  [
    `scale=w=${width}:h=${height},setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc`,
    'format=yuv420p10le,tonemap_paceline=tonemap=mobius:peak=1000:desat=0,format=yuv420p',
  ].join()

/**
 * By segment: how near its pictures are to what the processor makes of the film without encoding them, in decibels of the
 * worst plane, of its picture that is furthest.
 * @param ffmpeg one with our filter
 */
export async function likenessOf(
  files: readonly string[],
  film: { readonly path: string; readonly width: number; readonly height: number },
  ffmpeg: string,
): Promise<ChipEvidence['likeness']> {
  const graph = [
    '[0:v]settb=1/25,setpts=N[made]',
    `[1:v]${onProcessor(film.width, film.height)},settb=1/25,setpts=N[wanted]`,
    '[made][wanted]psnr=stats_file=-',
  ].join(';')
  const { stdout } = await withPath(files, (path) =>
    collect(ffmpeg, [
      ...['-v', 'error', '-nostdin', '-i', path, '-i', film.path, '-filter_complex', graph],
      ...['-f', 'null', '/dev/null'],
    ]),
  )
  const pictures = [...stdout.toString().matchAll(/psnr_y:(\S+) psnr_u:(\S+) psnr_v:(\S+)/g)].map(
    ([, ...planes]) => Math.min(...planes.map((plane) => (plane === 'inf' ? 99 : Number(plane)))),
  )
  return Array.from({ length: Math.ceil(pictures.length / framesPerSegment) }, (_, segment) =>
    Math.min(...pictures.slice(segment * framesPerSegment, (segment + 1) * framesPerSegment)),
  )
}

/** One row for each of the first seams: the last picture before it and the first behind it, side by side, as a PNG. */
export async function drawSeams(
  files: readonly string[],
  evidence: Pick<ChipEvidence, 'makers' | 'wanted'>,
  picture: string,
): Promise<void> {
  const seams = seamsOf(evidence).slice(0, 8)
  if (seams.length === 0) return
  const wanted = seams.flatMap((segment) => [segment * framesPerSegment - 1, segment * framesPerSegment])
  const chosen = wanted.map((frame) => `eq(n\\,${frame})`).join('+')
  await withPath(files, (path) =>
    collect('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-y', '-i', path, '-map', '0:v:0', '-frames:v', '1'],
      ...['-vf', `select=${chosen},scale=640:-2,tile=2x${seams.length}`, picture],
    ]),
  )
}
