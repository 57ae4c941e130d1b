import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLight } from '../../src/media/read-light.ts'

const stream = { index: 0 }
const info = { durationSeconds: 2 }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-light-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Two seconds of grey in PQ of code 400, with a square of another code in the second; the codec says what it is told. */
async function film(name: string, square: number, said = ''): Promise<string> {
  const file = join(folder, name)
  const light = `if(gte(T,1)*between(X,40,79)*between(Y,40,79),${square},400)`
  const graph = `color=black:s=240x136:r=8:d=2,format=yuv420p10le,geq=lum='${light}':cb=512:cr=512`
  const codec = `log-level=error:pools=none:frame-threads=1:keyint=4:min-keyint=4:hdr10=1${said}`
  const tags = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc']
  const encode = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '4', '-x265-params', codec, ...tags]
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', graph, ...encode, '-y', file])
  return file
}

describe('how bright a film gets', () => {
  it('is what is brightest in its pictures, wherever that is', async () => {
    // 721 is 983.4 nits, 573 is 203.7 (BT.2100).
    const bright = await film('bright.mkv', 721)
    const quickly = { places: 4, restPerWork: 0 }
    expect(await readLight({ path: bright, info }, stream, quickly)).toEqual({
      by: 'pictures',
      peakNits: 1000,
    })
    const dark = await film('dark.mkv', 300)
    expect(await readLight({ path: dark, info }, stream, quickly)).toEqual({ by: 'pictures', peakNits: 203 })
  }, 60_000)

  it('is what its stream says, where the container says nothing', async () => {
    const display = ':master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(40000000,50)'
    const graded = await film('graded.hevc', 721, display)
    expect(await readLight({ path: graded, info }, stream)).toEqual({ by: 'stream', peakNits: 4000 })
    const counted = await film('counted.hevc', 721, `${display}:max-cll=1200,300`)
    expect(await readLight({ path: counted, info }, stream)).toEqual({ by: 'stream', peakNits: 1200 })
  }, 60_000)

  it('stops at once when nobody wants to know', async () => {
    const path = await film('long.mkv', 721)
    const over = new AbortController()
    const reading = readLight({ path, info }, stream, { signal: over.signal })
    setTimeout(() => over.abort(new Error('the session has ended')), 300)
    const startedMs = performance.now()
    await expect(reading).rejects.toThrow(/aborted|the session has ended/)
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  }, 60_000)

  it('is not known of what has no pictures, and a missing program is said', async () => {
    const text = join(folder, 'text.srt')
    await writeFile(text, '1\n00:00:00,000 --> 00:00:01,000\nno picture\n')
    expect(await readLight({ path: text, info: { durationSeconds: null } }, stream)).toBeNull()
    const path = await film('plain.mkv', 721)
    const missing = { ffmpeg: join(folder, 'no-such-program') }
    await expect(readLight({ path, info }, stream, missing)).rejects.toMatchObject({
      code: 'E_FFMPEG_MISSING',
    })
  }, 60_000)

  const clip = join(
    process.env.PACELINE_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared'),
    'media',
  )
  const phone = join(clip, 'hdr10-video-with-sdr-container.mp4')
  it.skipIf(!existsSync(phone))('is in the stream of a clip whose container has not got it', async () => {
    expect(await readLight({ path: phone, info }, stream)).toEqual({ by: 'stream', peakNits: 1000 })
  })
})
