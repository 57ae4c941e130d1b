import { access, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { output } from './programs.ts'

/** Benchmarks keep their clips here from run to run. */
const folder = '.cache/bench-clips'

/** Seconds that are really drawn; a longer clip repeats them, which costs an encoder the same. */
const drawnSeconds = 20

/** Shades that drift, a picture that moves across them, and grain: about as hard to encode as a film. */
const graph = [
  `gradients=size=1920x1080:rate=30:n=6:speed=0.02:seed=1:duration=${drawnSeconds}[shades]`,
  `testsrc2=size=960x540:rate=30:duration=${drawnSeconds}[picture]`,
  "[shades][picture]overlay=x='480+420*sin(t)':y='270+240*cos(1.3*t)',noise=alls=2:allf=t:all_seed=1,format=yuv420p",
].join(';')

const sound = `aevalsrc=0.3*sin(2*PI*440*t+200*sin(t))|0.3*sin(2*PI*660*t):s=48000:d=${drawnSeconds}`

/** A clip of 1080p30 h264 and aac of at least that length; returns its path. */
export async function benchClip(seconds: number): Promise<string> {
  const drawn = await make('drawn.mp4', [
    ...['-filter_complex', graph, '-f', 'lavfi', '-i', sound],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'superfast',
      '-crf',
      '23',
      '-g',
      '60',
      '-bf',
      '2',
      '-c:a',
      'aac',
      '-b:a',
      '160k',
    ],
  ])
  const loops = Math.ceil(seconds / drawnSeconds) - 1
  return make(`${seconds}s.mp4`, [
    '-stream_loop',
    String(loops),
    '-i',
    drawn,
    '-c',
    'copy',
    '-t',
    String(seconds),
  ])
}

/** Seconds of an HDR10 film that are really drawn: 4K takes its time. */
const drawnHdrSeconds = 4

/** As above in 4K, ten bits and PQ: what a disc holds, at a tenth of the time to make it. */
const hdrGraph = [
  `gradients=size=3840x2160:rate=25:n=6:speed=0.02:seed=1:duration=${drawnHdrSeconds}[shades]`,
  `testsrc2=size=1920x1080:rate=25:duration=${drawnHdrSeconds}[picture]`,
  "[shades][picture]overlay=x='960+840*sin(t)':y='540+480*cos(1.3*t)',noise=alls=6:allf=t:all_seed=1,format=yuv420p10le",
].join(';')

const hdrTags =
  'hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400:log-level=error'

/** A film of 4K25 HDR10 in hevc, without sound, of that length; returns its path. */
export async function hdrClip(seconds: number): Promise<string> {
  const drawn = await make('drawn-hdr.mkv', [
    ...['-filter_complex', hdrGraph, '-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '20'],
    ...['-x265-params', `keyint=50:bframes=3:${hdrTags}`],
  ])
  const loops = Math.ceil(seconds / drawnHdrSeconds) - 1
  return make(`hdr-${seconds}s.mkv`, [
    ...['-stream_loop', String(loops), '-i', drawn, '-c', 'copy', '-t', String(seconds)],
  ])
}

async function make(name: string, args: readonly string[]): Promise<string> {
  const path = join(folder, name)
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) return path
  await mkdir(folder, { recursive: true })
  const aside = join(folder, `making-${process.pid}-${name}`)
  await output(['ffmpeg', '-v', 'error', '-nostdin', '-y', ...args, aside])
  await rename(aside, path)
  return path
}
