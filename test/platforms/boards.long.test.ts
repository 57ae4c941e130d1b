import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startViewer } from '../faults/viewer.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { boardNamed, boardNames } from './boards/board.js'
import { type BoardNode, startBoardNode } from './boards/board-node.ts'
import { type BoardName, makeBoard } from './boards/make-board.ts'
import { proveBoard } from './boards/prove-board.ts'
import { capabilitiesOf, provedOfBoards } from './boards/proved.ts'

describe('a board proves what it can do, and that it cannot do what it only lists', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paceline-boards-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(provedOfBoards.map(({ board, chip }) => [board, chip] as const))('%s as %s', async (name, chip) => {
    const { capabilities, rows } = await proveBoard(await makeBoard(name, folder), chip)
    const { decoders, encoders, filters } = capabilitiesOf(name, chip)
    expect(capabilities, JSON.stringify(rows.filter(({ why }) => why !== null))).toMatchObject({
      decoders,
      encoders,
    })
    expect([...capabilities!.filters].sort()).toEqual([...filters].sort())
    // Whole ways, as sessions go them.
    const ways = rows
      .filter(({ what, why }) => why === null && / \([a-z-]+\)$/.test(what))
      .map(({ what }) => what)
    expect(ways.length).toBeGreaterThanOrEqual(encoders.length === 0 ? 2 : 3)
  })

  it.each([
    ['jetson-nano', 'nvidia', /Cannot load lib(nvcuvid|nvidia-encode)/],
    ['orin-nano', 'nvidia', /Cannot load lib(nvcuvid|nvidia-encode)/],
  ] as const)('%s has neither decoder nor encoder of %s', async (name, chip, words) => {
    const { capabilities, rows } = await proveBoard(await makeBoard(name, folder), chip)
    expect(capabilities?.encoders ?? []).toEqual([])
    expect(capabilities?.decoders ?? []).toEqual([])
    const told = rows.filter(({ what }) => what.includes('nvenc') || what.includes('nvdec'))
    expect(told.length).toBeGreaterThanOrEqual(4)
    for (const { why } of told) expect(why).toMatch(words)
  })
})

describe('sessions over boards', () => {
  let paceline: RunningPaceline
  const closers: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    paceline = await startPaceline({ nodes: 0 })
  })
  afterAll(() => paceline.stop())
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  async function boardNode(name: BoardName): Promise<BoardNode> {
    const node = await startBoardNode(paceline, name)
    closers.push(() => node.close())
    return node
  }

  /** Expects that a viewer has every frame of a film once. */
  async function watch(seconds: number): Promise<void> {
    const viewer = await startViewer(paceline, { seconds, size: '320x180' })
    closers.push(() => viewer.close())
    await viewer.expectWholeFilm()
  }

  const used = async (node: BoardNode) =>
    [...new Set(await node.starts())].filter((line) => line !== 'processor')

  it.each<[BoardName, string]>([
    ['jetson-nano', 'nvtegra h264_nvmpi'],
    ['orin-nano', 'h264_nvv4l2dec'],
    ['n100', 'vaapi h264_qsv'],
    ['raspberry-pi-4', 'h264_v4l2m2m h264_v4l2m2m'],
    ['rk3588', 'rkmpp h264_rkmpp'],
    ['mac', 'videotoolbox h264_videotoolbox'],
  ])('%s makes a whole film alone, by %s', async (name, way) => {
    const node = await boardNode(name)
    await watch(12)
    expect(await used(node)).toEqual([way])
  })

  it.each<[BoardName, string, string, readonly string[]]>([
    ['n100', 'h264_qsv', 'intel-qsv:full', ['vaapi h264_qsv', 'h264_qsv', 'vaapi']],
    ['rk3588', 'rkmpp', 'rockchip:full', ['rkmpp h264_rkmpp', 'h264_rkmpp']],
    ['jetson-nano', 'h264_nvmpi', 'jetson:full', ['nvtegra h264_nvmpi', 'h264_nvmpi', 'nvtegra']],
  ])('%s whose %s dies again and again goes on one rung lower each time', async (name, part, left, ways) => {
    const node = await boardNode(name)
    await node.breakDown({ [part]: { words: `[${part} @ 0x1] its device is gone`, afterSeconds: 0.4 } })
    await watch(16)
    expect((await used(node)).sort()).toEqual([...ways].sort())
    const { stdout } = await paceline.run('status', '--json')
    const off = (
      JSON.parse(stdout) as { nodes: { keptOff: { work: string; reason: string }[] }[] }
    ).nodes.flatMap((one) => one.keptOff)
    expect(off.map(({ work }) => work.split(': ')[0])).toContain(left)
    expect(off.map(({ reason }) => reason).join('\n')).toContain('its device is gone')
  })

  it('are seamless over six kinds, of which three break down', async () => {
    const nodes: BoardNode[] = []
    for (const name of boardNames) nodes.push(await boardNode(name))
    for (const [index, name] of boardNames.entries()) {
      if (!['n100', 'rk3588', 'jetson-nano'].includes(name)) continue
      const parts = Object.keys((await boardNamed(name)).encoders)
      const fault = { words: 'the encoder is gone', afterSeconds: 0.4 }
      await nodes[index]!.breakDown(Object.fromEntries(parts.map((part) => [part, fault])))
    }
    await watch(60)
    const working = await Promise.all(nodes.map(used))
    expect(working.filter((ways) => ways.length > 0).length).toBeGreaterThanOrEqual(2)
  })
})
