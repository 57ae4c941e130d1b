import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KeptNode, PowerMemory } from './kept-power.ts'
import { openPowerMemory } from './power-memory.ts'

let folder: string
let troubles: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-power-memory-'))
  troubles = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (farBehindMs = 60_000) =>
  openPowerMemory({
    ...{ dataFolder: folder, behindMs: 5, farBehindMs },
    onTrouble: (message) => troubles.push(message),
  })

const node: KeptNode = {
  ...{ phase: 'off', sinceMs: 1_700_000_000_000, boot: 'b', failures: 1, retryAtMs: null, keptUntilMs: null },
  wakeTime: { meanSeconds: 21.5, spreadSeconds: 2, seen: 4 },
  ...{ platforms: ['software', 'jetson'], cores: 6, capacity: 3.4 },
}
const policy = { forecast: { startMs: 5, weeks: 2, counts: [0, 1.5] }, lengths: [2_400] }

it('begins with nothing, and brings back what was kept', async () => {
  const memory = await open()
  expect(memory.past).toEqual({ version: 1, nodes: {}, policy: null })
  memory.touch(() => ({ nodes: { loft: node }, policy }))
  await memory.close()

  expect((await open()).past).toEqual({ version: 1, nodes: { loft: node }, policy })
  expect((await stat(join(folder, 'power.json'))).mode & 0o777).toBe(0o600)
})

it('writes once for many changes, and what is current then', async () => {
  const memory = await open()
  let asked = 0
  for (let times = 0; times < 100; times += 1) {
    memory.touch(() => {
      asked += 1
      return { nodes: { loft: { ...node, cores: times + 1 } }, policy: null }
    })
  }
  await memory.close()
  expect(asked).toBe(1)
  expect((await open()).past.nodes.loft?.cores).toBe(100)
})

it('writes nothing where nothing has changed', async () => {
  await (await open()).close()
  await expect(stat(join(folder, 'power.json'))).rejects.toThrow('ENOENT')
})

describe('a memory card', () => {
  const file = () => join(folder, 'power.json')
  /** Changes with each writing: it is written beside its place and renamed. */
  const inode = async () => (await stat(file())).ino
  const first = async (farBehindMs?: number) => {
    const memory = await open(farBehindMs)
    memory.touch(() => ({ nodes: { loft: node }, policy }))
    await vi.waitFor(() => stat(file()))
    return { memory, before: await inode() }
  }
  const touch = async (memory: Awaited<ReturnType<typeof open>>, now: Omit<PowerMemory, 'version'>) => {
    for (let times = 0; times < 5; times += 1) {
      memory.touch(() => now)
      await sleep(8)
    }
  }

  it('is not written to where nothing is other than it says already', async () => {
    const { memory, before } = await first()
    await touch(memory, { nodes: { loft: { ...node } }, policy })
    await memory.close()
    expect(await inode()).toBe(before)
  })

  it.each<[string, Partial<KeptNode>]>([
    ['wakes', { phase: 'waking', sinceMs: 5 }],
    ['fails', { failures: 2 }],
    ['has another agent', { boot: 'c' }],
    ['is kept awake', { keptUntilMs: 7 }],
    ['took longer to wake', { wakeTime: { ...node.wakeTime, meanSeconds: 30 } }],
  ])('is written to at once when a node %s', async (_what, change) => {
    const { memory } = await first()
    memory.touch(() => ({ nodes: { loft: { ...node, ...change } }, policy }))
    await vi.waitFor(async () =>
      expect(JSON.parse(await readFile(file(), 'utf8')).nodes.loft).toMatchObject(change),
    )
    await memory.close()
  })

  it.each<[string, Omit<PowerMemory, 'version'>]>([
    ['a viewer', { nodes: { loft: node }, policy: { ...policy, lengths: [2_400, 60] } }],
    ['what a node is worth', { nodes: { loft: { ...node, capacity: 3.5 } }, policy }],
  ])('is not written to at once for %s, and is when the head ends', async (_what, now) => {
    const { memory, before } = await first()
    await touch(memory, now)
    expect(await inode()).toBe(before)
    await memory.close()
    expect((await open()).past).toMatchObject(now)
  })

  it('is written to a while after that, though nothing more happens', async () => {
    const { memory, before } = await first(800)
    memory.touch(() => ({ nodes: { loft: { ...node, capacity: 3.5 } }, policy }))
    await sleep(25)
    expect(await inode()).toBe(before)
    await vi.waitFor(async () => expect(await inode()).not.toBe(before), { timeout: 5_000 })
    await memory.close()
  })
})

describe('a file that is broken', () => {
  const written = (nodes: unknown, viewers: unknown = policy) =>
    JSON.stringify({ version: 1, nodes, policy: viewers })
  const readBack = async (text: string) => {
    await writeFile(join(folder, 'power.json'), text)
    return (await open()).past
  }

  it.each([['{"version":1,"nodes":["loft"]}'], ['{"vers'], ['{"version":2,"nodes":{},"policy":null}'], ['']])(
    'altogether is told of, and begun anew: %s',
    async (text) => {
      expect(await readBack(text)).toEqual({ version: 1, nodes: {}, policy: null })
      expect(troubles).toEqual([expect.stringContaining('power.json cannot be read')])

      const memory = await open()
      memory.touch(() => ({ nodes: { loft: node }, policy: null }))
      await memory.close()
      expect(JSON.parse(await readFile(join(folder, 'power.json'), 'utf8')).nodes.loft.cores).toBe(6)
    },
  )

  it.each<[string, object, RegExp]>([
    ['a life that nobody leads', { phase: 'asleep' }, /phase: /],
    [
      'a wake that takes longer than anybody lives',
      { wakeTime: { ...node.wakeTime, meanSeconds: 1e300 } },
      /wakeTime: meanSeconds: /,
    ],
    ['a time before all times', { sinceMs: -1e300 }, /sinceMs: /],
    ['a million platforms', { platforms: Array(1e6).fill('software') }, /platforms: /],
    ['nothing said of its agent', { boot: undefined }, /boot: /],
  ])('at one node (%s) costs that node alone', async (_what, wrong, why) => {
    const past = await readBack(written({ attic: node, loft: { ...node, ...wrong }, shed: node }))
    expect(past).toEqual({ version: 1, nodes: { attic: node, shed: node }, policy })
    expect(troubles).toEqual([expect.stringMatching(/power\.json is broken in part.*the node loft \(/)])
    expect(troubles[0]).toMatch(why)
    expect(troubles[0]!.length).toBeLessThan(500)
  })

  it('at a number that is none costs that node alone', async () => {
    const text = written({ attic: node, loft: { ...node, capacity: null } })
    const past = await readBack(text.replace('"capacity":null', '"capacity":1e999'))
    expect(Object.keys(past.nodes)).toEqual(['attic'])
  })

  it('where viewers are counted costs no node', async () => {
    const forecast = { ...policy.forecast, startMs: -1e300 }
    const past = await readBack(written({ loft: node }, { ...policy, forecast }))
    expect(past).toEqual({ version: 1, nodes: { loft: node }, policy: null })
    expect(troubles).toEqual([expect.stringContaining('when viewers come (')])
  })

  it('at thousands of nodes does not fill the log', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `n${index}`)
    await readBack(written(Object.fromEntries(names.map((name) => [name, {}]))))
    expect(troubles).toHaveLength(1)
    expect(troubles[0]).toMatch(/and 4992 more$/)
    expect(troubles[0]!.length).toBeLessThan(2_000)
  })
})

it('begins anew, and says so, where something else lies in its place', async () => {
  await mkdir(join(folder, 'power.json'))
  expect((await open()).past.nodes).toEqual({})
  expect(troubles).toEqual([expect.stringContaining('EISDIR')])
})

it('tells of a disk that takes nothing, and goes on', async () => {
  const memory = await open()
  await rm(folder, { recursive: true })
  memory.touch(() => ({ nodes: {}, policy: null }))
  await memory.close()
  expect(troubles).toEqual([expect.stringContaining('could not be written')])
})
