import { describe, expect, it } from 'vitest'
import type { PictureOperation, Plan } from '../plan/plan.ts'
import { platformNamed } from './all.ts'
import type { Capabilities } from './capabilities.ts'
import { nvidiaChip } from './nvidia.ts'
import { hdrPlan, televisionPlan, withVideo } from './testing/chip-plans.ts'
import { optionValue } from './testing/option-value.ts'
import { vulkanChip } from './vulkan.ts'

const range = { from: 2, to: 5, open: false, failures: 0 }
const noCurve = 'FFmpeg has no tone map by the curve of BT.2390'

/** A node with FFmpeg's own filters on the processor, and these on the chip. */
const plain = (capabilities: Capabilities, ...filters: readonly string[]): Capabilities => ({
  ...capabilities,
  filters: [...capabilities.filters, ...filters].filter((name) => !name.startsWith('tonemap_paceline')),
})

const bt2390: PictureOperation = {
  ...{ kind: 'tone-map', curve: 'bt2390', transfer: 'pq', peakNits: 1000, gradedNits: 1000 },
}
const mapped = (before: readonly PictureOperation[], change: Partial<Plan['video']> = {}): Plan =>
  withVideo({ ...hdrPlan.video, operations: [...before, bt2390], ...change })

/** Graphs of all ways, or why there is none. */
function graphs(name: string, plan: Plan, capabilities: Capabilities): string[] {
  return platformNamed(name)!
    .ladder(plan, range, { capabilities })
    .map(({ args }) => optionValue(args, '-vf') ?? '')
}

function whyOut(name: string, plan: Plan, capabilities: Capabilities): string {
  const compiled = platformNamed(name)!.compileVideo(plan, range, { capabilities })
  return 'out' in compiled ? compiled.out : ''
}

describe('a tone map that a chip alone can do', () => {
  const vulkan = plain(vulkanChip.usual)
  const card = plain(nvidiaChip.usual, 'tonemap_cuda')

  it('is done there as long as pictures are', () => {
    for (const graph of graphs('vulkan', mapped([]), vulkan))
      expect(graph).toContain('libplacebo=tonemapping=bt.2390')
    expect(graphs('vulkan', mapped([]), vulkan).length).toBeGreaterThan(1)
    for (const graph of graphs('nvidia', mapped([]), card)) expect(graph).toContain('tonemap_cuda=')
  })

  it.each<[string, Plan]>([
    ['a turn that the chip has no filter for', mapped([{ kind: 'turn', how: 'half' }])],
    ['a film that lies on its side, where a chip decodes it', mapped([], { turned: 'clock' })],
    ['a crop', mapped([{ kind: 'crop', width: '1920', height: '800' }])],
    ['fields', mapped([...televisionPlan.video.operations.slice(0, 1)])],
  ])('is not asked of the processor behind %s', (_what, plan) => {
    for (const graph of graphs('vulkan', plan, vulkan)) expect(graph).not.toContain('tonemap=tonemap=bt2390')
  })

  it('takes the platform out where nothing is left that can do it', () => {
    const crop: PictureOperation = { kind: 'crop', width: '1920', height: '800' }
    expect(whyOut('vulkan', mapped([crop]), vulkan)).toContain(noCurve)
    expect(graphs('vulkan', mapped([crop]), vulkan)).toEqual([])
    // The filters of chips read ten bits.
    const shallow = mapped([], { decoded: { codec: 'hevc', bits: 8 } })
    expect(whyOut('nvidia', shallow, card)).toContain(noCurve)
    expect(graphs('nvidia', shallow, card)).toEqual([])
  })

  it('is done on the chip before what the chip cannot do', () => {
    const crop: PictureOperation = { kind: 'crop', width: '1920', height: '800' }
    const plan = withVideo({ ...hdrPlan.video, operations: [bt2390, crop] })
    for (const graph of graphs('nvidia', plan, card))
      expect(graph).toMatch(/tonemap_cuda=.*hwdownload.*crop=/)
  })
})
