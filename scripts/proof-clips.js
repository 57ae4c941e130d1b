// npm run proof-clips: makes the clips below clips/proof, by which nodes prove their decoders, filters and encoders: the
// picture of src/platforms/proof-pattern.ts in each codec of src/platforms/proof-clips.ts. It needs an ffmpeg with libx264,
// libx265, libaom and libvpx, as Debian's is. Run `npm run build` before.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the build made of the sources. @param {string} name */
const built = (name) => import(new URL(`../dist/platforms/${name}.js`, import.meta.url).href)
const { proofClips } = await built('proof-clips')
const { patchAt, patchColumns, patchRows, proofFrames, storedPatch } = await built('proof-pattern')

const folder = fileURLToPath(new URL('../clips/proof', import.meta.url))

const display = 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)'
const graded = `hdr10=1:master-display=${display}:max-cll=1000,400`

/** @type {Record<string, (bits: number) => string[]>} */
const encoders = {
  h264: () => ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '6', '-bf', '2'],
  // As HDR10 says it of a display of 1000 nits: some chips map no tones without.
  hevc: (bits) => [
    ...['-c:v', 'libx265', '-preset', 'slow', '-crf', '4', '-x265-params'],
    `log-level=error:bframes=2${bits === 10 ? `:${graded}` : ''}`,
  ],
  av1: () => [
    '-c:v',
    'libaom-av1',
    '-crf',
    '1',
    '-b:v',
    '0',
    '-cpu-used',
    '4',
    '-aq-mode',
    '0',
    '-arnr-strength',
    '0',
  ],
  vp9: (bits) => ['-c:v', 'libvpx-vp9', '-crf', '4', '-b:v', '0', '-profile:v', bits === 10 ? '2' : '0'],
  vp8: () => ['-c:v', 'libvpx', '-crf', '4', '-b:v', '40M'],
  mpeg1video: () => ['-c:v', 'mpeg1video', '-q:v', '1', '-qmin', '1'],
  mpeg2video: () => ['-c:v', 'mpeg2video', '-q:v', '1', '-qmin', '1'],
  mpeg4: () => ['-c:v', 'mpeg4', '-q:v', '1', '-qmin', '1'],
}

/**
 * One plane of a picture.
 * @param {{ width: number, height: number, bits: number }} clip
 * @param {number} frame @param {'luma' | 'cb' | 'cr'} of
 */
function plane({ width, height, bits }, frame, of) {
  const [wide, high] = of === 'luma' ? [width, height] : [width / 2, height / 2]
  const samples = bits === 10 ? new Uint16Array(wide * high) : new Uint8Array(wide * high)
  for (let row = 0; row < patchRows; row += 1) {
    const line = samples.slice(0, wide)
    for (let column = 0; column < patchColumns; column += 1) {
      const code = storedPatch(patchAt(column, row, frame), bits)[of]
      line.fill(
        bits === 10 ? code : code / 4,
        (column * wide) / patchColumns,
        ((column + 1) * wide) / patchColumns,
      )
    }
    for (let y = (row * high) / patchRows; y < ((row + 1) * high) / patchRows; y += 1)
      samples.set(line, y * wide)
  }
  return Buffer.from(samples.buffer)
}

mkdirSync(folder, { recursive: true })
for (const clip of proofClips) {
  const { codec, bits, file, width, height } = clip
  const path = join(folder, file)
  const format = bits === 10 ? 'yuv420p10le' : 'yuv420p'
  const raw = ['-f', 'rawvideo', '-pix_fmt', format, '-s', `${width}x${height}`, '-r', '24', '-i', '-']
  const tags = ['-color_range', 'tv', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1']
  const args = ['-v', 'error', '-y', ...raw, ...(encoders[codec]?.(bits) ?? []), '-g', '12', ...tags, path]
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'inherit', 'inherit'] })
  for (let frame = 0; frame < proofFrames; frame += 1) {
    for (const of of /** @type {const} */ (['luma', 'cb', 'cr'])) {
      if (!ffmpeg.stdin.write(plane(clip, frame, of))) await once(ffmpeg.stdin, 'drain')
    }
  }
  ffmpeg.stdin.end()
  const [code] = await once(ffmpeg, 'close')
  if (code !== 0) throw new Error(`ffmpeg made no ${file}`)
  process.stdout.write(`${file} ${statSync(path).size}\n`)
}
