import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type KeptNode, openPowerMemory } from './power-memory.ts'

let folder: string
let troubles: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-power-memory-'))
  troubles = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (behindMs = 5) =>
  openPowerMemory({ dataFolder: folder, behindMs, onTrouble: (message) => troubles.push(message) })

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

it.each([['{"version":1,"nodes":{"loft":{"phase":"asleep"}}}'], ['{"vers']])(
  'tells of a file that cannot be read, and begins anew: %s',
  async (text) => {
    await writeFile(join(folder, 'power.json'), text)
    const memory = await open()
    expect(memory.past.nodes).toEqual({})
    expect(troubles).toEqual([expect.stringContaining('power.json cannot be read')])

    memory.touch(() => ({ nodes: { loft: node }, policy: null }))
    await memory.close()
    expect(JSON.parse(await readFile(join(folder, 'power.json'), 'utf8')).nodes.loft.cores).toBe(6)
  },
)

it.each([
  ['a wake that takes longer than anybody lives', { wakeTime: { ...node.wakeTime, meanSeconds: 1e300 } }],
  ['a time before all times', { sinceMs: -1e300 }],
  ['a number that is none', { capacity: Number.POSITIVE_INFINITY }],
  ['a million platforms', { platforms: Array(1e6).fill('software') }],
])('begins anew after a file with %s', async (_what, wrong) => {
  const text = JSON.stringify({ version: 1, nodes: { loft: { ...node, ...wrong } }, policy })
  await writeFile(join(folder, 'power.json'), text.replace('"capacity":null', '"capacity":1e999'))
  expect((await open()).past).toEqual({ version: 1, nodes: {}, policy: null })
  expect(troubles).toHaveLength(1)
})

it('begins anew where a forecast would have to count the weeks since before all times', async () => {
  const forecast = { ...policy.forecast, startMs: -1e300 }
  const text = JSON.stringify({ version: 1, nodes: {}, policy: { ...policy, forecast } })
  await writeFile(join(folder, 'power.json'), text)
  expect((await open()).past.policy).toBeNull()
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
