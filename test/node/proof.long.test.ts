import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encoderCommand } from '../../src/node/encoder-command.ts'
import { askFfmpeg, versionLine } from '../../src/node/proof/ask-ffmpeg.ts'
import { openBench } from '../../src/node/proof/bench.ts'
import { lookUpProof } from '../../src/node/proof/look-up.ts'
import { proveChip } from '../../src/node/proof/prove-chip.ts'
import { chips } from '../../src/platforms/chips.ts'
import { debianFacts } from '../../src/platforms/ffmpeg-words.ts'
import { proofClips } from '../../src/platforms/proof-clips.ts'
import type { MachineProof } from '../../src/platforms/proof-result.ts'
import { softwareProofs } from '../../src/platforms/proof-software.ts'
import { type CommandProcess, startCommand } from '../cli/command-process.ts'

const drivers = '/usr/share/vulkan/icd.d'
const hasLavapipe = existsSync(drivers) && readdirSync(drivers).some((name) => name.startsWith('lvp_icd.'))
/** Where another driver is there, it is that one which is proved. */
const isAlone = hasLavapipe && !existsSync('/dev/dri')

let folder: string
let doctor: CommandProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-proof-long-'))
})

afterAll(async () => {
  await doctor?.remove()
  await rm(folder, { recursive: true, force: true })
})

describe('everything on this machine', () => {
  let proof: MachineProof | null

  it('is proved within a minute', async () => {
    const startedMs = performance.now()
    proof = await lookUpProof('ffmpeg', true, folder)
    expect(performance.now() - startedMs).toBeLessThan(60_000)
    expect(proof?.platforms.map(({ platform }) => platform)).toEqual([
      ...chips.map(({ name }) => name),
      ...['paceline-tone-map', 'software'],
    ])
  })

  it('includes what the processor does, with every library in both depths', () => {
    const software = proof?.platforms.at(-1)
    const whatFailed = software?.rows.filter(({ why }) => why !== null && !/no time left/.test(why))
    expect(whatFailed).toEqual([])
    expect(software?.capabilities?.encoders.map(({ name, bits }) => `${name} ${bits}`)).toEqual([
      ...['libx264 8', 'libx264 10', 'libx265 8', 'libx265 10'],
    ])
  })

  it.skipIf(!isAlone)('does not include Vulkan in software, which the processor is faster without', () => {
    const vulkan = proof?.platforms.find(({ platform }) => platform === 'vulkan')
    expect(vulkan?.kept).toMatch(/it only filters, and is slow/)
  })

  it('is looked up from then on, and shown by paceline doctor', async () => {
    const startedMs = performance.now()
    expect(await lookUpProof('ffmpeg', false, folder)).toEqual(JSON.parse(JSON.stringify(proof)))
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    const environment = { PACELINE_PROOFS: folder, PACELINE_FFMPEG: '/usr/bin/ffmpeg' }
    doctor = startCommand(['doctor'], { environment })
    await doctor.ended
    expect(doctor.stdout()).toContain('What its hardware can do, proved by doing it with /usr/bin/ffmpeg:')
    expect(doctor.stdout()).toMatch(/ok {6}encoding 8 bits by libx264/)
  })
})

describe('each proof of the processor', () => {
  it('succeeds with the ffmpeg that is here', async () => {
    const command = await encoderCommand('ffmpeg')
    const { facts } = await askFfmpeg(command.at(-1)!, await versionLine(command.at(-1)!))
    const bench = await openBench({ command, facts, signal: new AbortController().signal, totalMs: 300_000 })
    const wrong: string[] = []
    for (const proof of softwareProofs(facts)) {
      const why = await bench.prove(proof)
      if (why !== null) wrong.push(`${proof.what}: ${why}`)
    }
    await bench.close()
    expect(wrong).toEqual([])
  })
})

describe('a proof whose time is nearly up', () => {
  it('is over soon after, however long its last command would like to go on', async () => {
    const { signal } = new AbortController()
    const command = [process.execPath, '-e', 'for (;;);', 'ffmpeg'] as const
    const bench = await openBench({ command, facts: debianFacts, signal, totalMs: 1_000 })
    const startedMs = performance.now()
    expect((await bench.carryOut(['-version'], proofClips[0]!)).why).toMatch(/^it took more than/)
    expect(performance.now() - startedMs).toBeLessThan(9_000)
    await bench.close()
  })
})

describe.skipIf(!isAlone)(
  `libplacebo on Mesa’s software Vulkan${isAlone ? '' : ' (skipped: it is not alone here)'}`,
  () => {
    it('is proved to scale and to map tones, and decoding not', async () => {
      const command = await encoderCommand('ffmpeg')
      const program = command.at(-1)!
      const { facts, listing } = await askFfmpeg(program, await versionLine(program))
      const bench = await openBench({
        command,
        facts,
        signal: new AbortController().signal,
        totalMs: 300_000,
      })
      const chip = chips.find(({ name }) => name === 'vulkan')!
      const about = { fingerprint: 'f', ffmpeg: facts }
      const tools = { bench, listing, about, renderNodes: [], processorFilters: [], atOnce: 1 }
      const proof = await proveChip(chip, { ...tools, processorSpeed: async () => null })
      await bench.close()
      expect(proof.capabilities).toMatchObject({ decoders: [], encoders: [], filters: ['libplacebo'] })
      const well = proof.rows.filter(({ why }) => why === null).map(({ what }) => what)
      expect(well).toEqual(
        expect.arrayContaining([
          ...['scale of 8 bits by libplacebo', 'tone-map (pq, bt2390) of 10 bits by libplacebo'],
          ...['HDR10 in hevc, scaled and made SDR, to h264 (filter)'],
          'hevc, scaled, with text burnt in, to h264 (filter)',
        ]),
      )
    })
  },
)
