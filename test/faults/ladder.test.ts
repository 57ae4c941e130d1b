import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { type ChipNode, type cardFaults, startChipNode } from './chip-node.ts'
import { startViewer } from './viewer.ts'

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

async function chipNode(fault: keyof typeof cardFaults): Promise<ChipNode> {
  const node = await startChipNode(paceline, fault.replaceAll(' ', '-'), fault)
  closers.push(() => node.close())
  return node
}

async function watchFilm(seconds: number): Promise<void> {
  const viewer = await startViewer(paceline, { seconds, size: '320x180' })
  closers.push(() => viewer.close())
  await viewer.expectWholeFilm()
}

/** Rungs that a node was started on, each once: an order that is not answered in time is given again. */
async function ways(node: ChipNode): Promise<readonly string[]> {
  return [...new Set(await node.starts())]
}

interface Status {
  readonly nodes: readonly {
    readonly name: string
    readonly keptOff: readonly { readonly work: string; readonly reason: string }[]
  }[]
}

async function keptOff(): Promise<readonly string[]> {
  const { stdout } = await paceline.run('status', '--json')
  const off = (JSON.parse(stdout) as Status).nodes.flatMap((node) => node.keptOff)
  return off.map(({ work, reason }) => `${work.slice(0, work.indexOf(': '))}: ${reason}`)
}

describe('a node whose card works', () => {
  it('makes the film on it, one lease from the first picture to the last', async () => {
    const node = await chipNode('nothing')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1'])
    expect(await keptOff()).toEqual([])
  })
})

describe('a node that is alone goes on by another way, and the viewer has the whole film, when', () => {
  it('the encoder dies after some pictures', async () => {
    const node = await chipNode('the encoder dies after some pictures')
    await watchFilm(12)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1', '0 1 1', '1 1 0'])
    const off = await keptOff()
    expect(off.map((each) => each.split(': ')[0])).toEqual([
      'nvidia:full',
      'nvidia:copy-back',
      'nvidia:upload',
    ])
    expect(paceline.log()).toContain('E_RUNG_FAILED')
    const { stdout } = await paceline.run('status')
    expect(stdout).toContain('kept off "nvidia:full: h264 8-bit, scale to h264"')
  })

  it('the decoder cannot', async () => {
    const node = await chipNode('the decoder cannot')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1', '0 1 1'])
    expect(await keptOff()).toEqual([
      'nvidia:full: Failed setup for format cuda',
      'nvidia:copy-back: Failed setup for format cuda',
    ])
  })

  it('the filter makes pictures of another size', async () => {
    const node = await chipNode('the filter makes pictures of another size')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1'])
    expect(await keptOff()).toEqual([expect.stringMatching(/^nvidia:full: segment 0 was refused: .*160/)])
  })

  it('the encoder makes black pictures, of which not one is announced', async () => {
    const node = await chipNode('the encoder makes black pictures')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1', '0 1 1', '1 1 0'])
    const off = await keptOff()
    expect(off).toHaveLength(3)
    for (const each of off) expect(each).toMatch(/: E_PICTURE_WRONG: segment 0: its picture is of one colour/)
  })

  it('the encoder is slower than it was proved to be', async () => {
    const node = await chipNode('the encoder is slower than it was proved to be')
    await watchFilm(8)
    expect((await ways(node)).at(-1)).toBe('1 1 0')
    const off = await keptOff()
    expect(off.length).toBeGreaterThan(0)
    for (const each of off) expect(each).toMatch(/E_ENCODER_SLOW: ffmpeg makes \d+\.\d pictures a second/)
  })
})
