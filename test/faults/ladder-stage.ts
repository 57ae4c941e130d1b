import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Capabilities } from '../../src/platforms/capabilities.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { type ChipNode, cardCapabilities, type cardFaults, modestCard, startChipNode } from './chip-node.ts'
import { startViewer } from './viewer.ts'

/** A head for the tests of one file, to which each brings its own nodes. */
export interface LadderStage {
  readonly paceline: () => RunningPaceline
  chipNode(fault: keyof typeof cardFaults, capabilities?: Capabilities): Promise<ChipNode>
  /** Expects that a viewer has the whole of a film. */
  watchFilm(seconds: number): Promise<void>
  /** What nodes are kept off: platform, rung and reason. */
  keptOff(): Promise<readonly string[]>
}

interface Status {
  readonly nodes: readonly {
    readonly keptOff: readonly { readonly work: string; readonly reason: string }[]
  }[]
}

/** To be called where tests are described: it starts and stops what they need. */
export function setLadderStage(): LadderStage {
  let paceline: RunningPaceline
  const closers: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    paceline = await startPaceline({ nodes: 0 })
  })
  afterAll(async () => {
    await paceline.stop()
  })
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  return {
    paceline: () => paceline,
    async chipNode(fault, capabilities = fault.includes('slower') ? cardCapabilities : modestCard) {
      const node = await startChipNode(paceline, fault.replaceAll(' ', '-'), fault, capabilities)
      closers.push(() => node.close())
      return node
    },
    async watchFilm(seconds) {
      const viewer = await startViewer(paceline, { seconds, size: '320x180' })
      closers.push(() => viewer.close())
      await viewer.expectWholeFilm()
    },
    async keptOff() {
      const { stdout } = await paceline.run('status', '--json')
      const off = (JSON.parse(stdout) as Status).nodes.flatMap((node) => node.keptOff)
      return off.map(({ work, reason }) => `${work.slice(0, work.indexOf(': '))}: ${reason}`)
    },
  }
}

/** Rungs that a node was started on, each once: an order that is not answered in time is given again. */
export async function ways(node: ChipNode): Promise<readonly string[]> {
  return [...new Set(await node.starts())]
}
