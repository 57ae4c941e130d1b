import { collect, withPath } from '../clips/media-input.ts'
import { framesPerSecond, segmentSeconds } from './hdr-film.ts'
import { type ChipEvidence, seamsOf } from './judge.ts'

const framesPerSegment = framesPerSecond * segmentSeconds

/** See ChipEvidence. */
export async function stepsOf(files: readonly string[]): Promise<ChipEvidence['steps']> {
  const print = 'signalstats,metadata=mode=print:key=lavfi.signalstats.YDIF:file=-'
  const { stdout } = await withPath(files, (path) =>
    collect('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-i', path, '-map', '0:v:0', '-vf', print, '-f', 'null', '-'],
    ]),
  )
  const steps = [...stdout.toString().matchAll(/YDIF=([\d.]+)/g)].map((match) => Number(match[1]))
  return steps.flatMap((step, frame) => {
    if (frame === 0 || frame % framesPerSegment !== 0) return []
    const around = [...steps.slice(Math.max(1, frame - 3), frame), ...steps.slice(frame + 1, frame + 4)]
    const usual = around.reduce((sum, each) => sum + each, 0) / around.length
    return [{ segment: frame / framesPerSegment, ratio: Number((step / usual).toFixed(2)) }]
  })
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
