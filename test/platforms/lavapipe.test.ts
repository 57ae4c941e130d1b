import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PictureOperation, Plan } from '../../src/plan/plan.ts'
import { samplePlan } from '../../src/plan/testing/sample-plan.ts'
import { platformNamed } from '../../src/platforms/all.ts'
import type { Capabilities } from '../../src/platforms/capabilities.ts'
import { debianFacts } from '../../src/platforms/ffmpeg-words.ts'
import { optionValue } from '../../src/platforms/testing/option-value.ts'

const run = promisify(execFile)

/** Mesa's driver that does Vulkan on the processor. */
const drivers = '/usr/share/vulkan/icd.d'
const lavapipe = existsSync(drivers)
  ? readdirSync(drivers).find((name) => name.startsWith('lvp_icd.'))
  : undefined
const title = `the platform vulkan on Mesa's software Vulkan${lavapipe ? '' : ' (skipped: mesa-vulkan-drivers is not installed)'}`

const capabilities: Capabilities = {
  ...{ fingerprint: 'lavapipe', ffmpeg: debianFacts, filters: ['libplacebo'] },
  ...{ decoders: [], encoders: [] },
}

const greys = [195, 327, 450, 509, 573, 636, 723, 855]
/** What BT.2390 makes of them for a peak of 10000 nits, target 203, by reference/tone-mapping-and-platforms.md 1.14. */
const mapped = [37.85, 76.18, 132.35, 159.56, 185.39, 205.59, 224.08, 234.65]

/** For a peak of 1000 nits, by our own filter (test/tonemap/cpu-filter-greys.test.ts holds it to the formula). */
const mappedFrom1000 = [40, 79, 138, 179, 214, 231, 235, 235]

/** A film that was graded on such a display. */
const planOf = (nits: number): Plan => {
  const operations: readonly PictureOperation[] = [
    { kind: 'scale', width: '128', height: '32' },
    { kind: 'tone-map', curve: 'bt2390', transfer: 'pq', peakNits: nits, gradedNits: nits },
    { kind: 'format', pixelFormats: ['yuv420p'] },
  ]
  return {
    ...samplePlan,
    video: {
      ...samplePlan.video,
      ...{ operations, decoded: { codec: 'hevc', bits: 10 } },
      encoder: { codec: 'h264', crf: '1', preset: 'ultrafast', tuning: [] },
    },
  }
}

describe.skipIf(!lavapipe)(title, () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paceline-lavapipe-'))
    // Eight bars of grey, in codes of ten bits.
    const bars = greys.reduceRight((rest, code, bar) => `if(lt(X,${(bar + 1) * 32}),${code},${rest})`, '940')
    const source = `color=size=256x64:rate=25:duration=5,format=yuv420p10le,geq=lum='${bars}':cb=512:cr=512`
    const one = ['-v', 'error', '-f', 'lavfi', '-i', source, '-c:v', 'libx265', '-preset', 'ultrafast']
    const display = 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)'
    const words = 'lossless=1:log-level=error'
    await run('ffmpeg', [...one, '-x265-params', words, filmOf(10_000)])
    await run('ffmpeg', [...one, '-x265-params', `${words}:hdr10=1:master-display=${display}`, filmOf(1_000)])
  }, 60_000)

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  /** One that says nothing is one of 10000 nits to libplacebo. */
  const filmOf = (nits: number): string => join(folder, `${nits}.mkv`)

  it.each([
    ['the formula says', 10_000, mapped, 2],
    // Its black is a thousandth of white, ours is none.
    ['our filter makes, from the same peak', 1_000, mappedFrom1000, 8],
  ] as const)(
    'scales and maps tones by libplacebo, makes its segments whole, and greys are what %s',
    async (_what, nits, wanted, most) => {
      const film = filmOf(nits)
      const compiled = platformNamed('vulkan')!.compileVideo(
        planOf(nits),
        { from: 0, to: 2, open: false, failures: 0 },
        { capabilities },
      )
      if ('out' in compiled) throw new Error(compiled.out)
      expect(compiled.rung).toBe('filter')
      expect(optionValue(compiled.args, '-vf')).toContain('hwupload,libplacebo=')
      const args = compiled.args.map((arg) =>
        arg
          .replace('{input:0}', film)
          .replace('{output}', folder)
          .replace('{progress}', join(folder, 'progress')),
      )
      await run('ffmpeg', args, { env: { ...process.env, VK_ICD_FILENAMES: join(drivers, lavapipe!) } })
      for (const segment of ['0', '1']) expect(await framesOf(join(folder, segment))).toBe(50)
      const luma = await firstRow(join(folder, '0'))
      for (const [bar, expected] of wanted.entries()) {
        expect(Math.abs(luma[bar * 16 + 8]! - expected), `bar ${bar}`).toBeLessThanOrEqual(most)
      }
    },
    60_000,
  )
})

async function framesOf(file: string): Promise<number> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', file],
  ])
  return Number.parseInt(stdout, 10)
}

/** Luma of a row in the middle of the first picture. */
async function firstRow(file: string): Promise<Buffer> {
  const raw = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-']
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, ...raw], { encoding: 'buffer' })
  return stdout.subarray(16 * 128, 17 * 128)
}
