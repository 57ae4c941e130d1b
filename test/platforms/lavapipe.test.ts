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

const operations: readonly PictureOperation[] = [
  { kind: 'scale', width: '128', height: '32' },
  { kind: 'tone-map', curve: 'bt2390', transfer: 'pq' },
  { kind: 'format', pixelFormats: ['yuv420p'] },
]

const plan: Plan = {
  ...samplePlan,
  video: {
    ...samplePlan.video,
    ...{ operations, decoded: { codec: 'ffv1', bits: 10 } },
    encoder: { codec: 'h264', crf: '1', preset: 'ultrafast', tuning: [] },
  },
}

describe.skipIf(!lavapipe)(title, () => {
  let folder: string
  let film: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paceline-lavapipe-'))
    film = join(folder, 'film.mkv')
    // Eight bars of grey, in codes of ten bits.
    const bars = greys.reduceRight((rest, code, bar) => `if(lt(X,${(bar + 1) * 32}),${code},${rest})`, '940')
    const source = `color=size=256x64:rate=25:duration=5,format=yuv420p10le,geq=lum='${bars}':cb=512:cr=512`
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, '-c:v', 'ffv1', film])
  }, 60_000)

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it('scales and maps tones by libplacebo, makes its segments whole, and greys are what the formula says', async () => {
    const compiled = platformNamed('vulkan')!.compileVideo(
      plan,
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
    for (const [bar, expected] of mapped.entries()) {
      expect(Math.abs(luma[bar * 16 + 8]! - expected), `bar ${bar}`).toBeLessThanOrEqual(2)
    }
  }, 60_000)
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
