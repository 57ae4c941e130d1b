import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { openApiClient } from '../../src/cli/api-client.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { type HandStartedNode, startNodeByHand } from './hand-started-node.ts'
import { startViewer, type Viewer } from './viewer.ts'

/** Reads media at so many times its own speed, so that a film takes its time on any machine. */
const unhurried = 'exec ffmpeg -readrate 3 "$@"'

const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: Parameters<typeof startPaceline>[0]): Promise<RunningPaceline> {
  const paceline = await startPaceline(options)
  closers.push(() => paceline.stop())
  return paceline
}

async function addNode(paceline: RunningPaceline, name: string): Promise<HandStartedNode> {
  const node = await startNodeByHand(paceline, name, unhurried)
  closers.push(() => node.close())
  return node
}

async function watch(paceline: RunningPaceline, seconds: number): Promise<Viewer> {
  const viewer = await startViewer(paceline, { seconds, size: '320x180' })
  closers.push(() => viewer.close())
  return viewer
}

interface Listed {
  readonly name: string
  readonly state: string
  readonly leases: number | null
}

/** Over the API: a command takes longer to start than a node to be drained. */
async function listed(paceline: RunningPaceline): Promise<readonly Listed[]> {
  return (await openApiClient(paceline.dataFolder)).get<readonly Listed[]>('/nodes')
}

async function untilListed(paceline: RunningPaceline, wanted: Partial<Listed>): Promise<void> {
  const is = (node: object) =>
    Object.entries(wanted).every(([name, value]) => Reflect.get(node, name) === value)
  while (!(await listed(paceline)).some(is)) await sleep(20)
}

describe('paceline nodes drain', () => {
  it('takes one node after the other out of a film that is being played, and the viewer has all of it', async () => {
    const paceline = await start({ nodes: 0 })
    await Promise.all([addNode(paceline, 'node-1'), addNode(paceline, 'node-2')])
    const viewer = await watch(paceline, 36)
    await viewer.untilAnnounced(1)
    const api = await openApiClient(paceline.dataFolder)
    for (const name of ['node-1', 'node-2']) {
      await untilListed(paceline, { name, state: 'working' })
      expect(await api.post(`/nodes/${name}/drain`, {})).toMatchObject({ name, state: 'draining' })
      await untilListed(paceline, { name, state: 'drained', leases: 0 })
      expect(viewer.job.child.exitCode, 'the film is still being made').toBe(null)
      if (name === 'node-1')
        expect(await api.post(`/nodes/${name}/resume`, {})).toMatchObject({ state: null })
    }
    await viewer.expectWholeFilm()
    const { recent } = JSON.parse((await paceline.run('status', '--json')).stdout)
    expect(Object.keys(recent[0].segments).toSorted()).toEqual(['node-1', 'node-2'])
  })

  it('wants to be forced for the only node, and lasts longer than head and node', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'paceline-drain-'))
    closers.push(() => rm(dataFolder, { recursive: true, force: true }))
    const first = await startPaceline({ nodes: 1, dataFolder })
    const refused = await first.run('nodes', 'drain', 'node-1')
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining('--force')])
    expect(await listed(first)).toMatchObject([{ state: 'ready' }])
    const forced = await first.run('nodes', 'drain', 'node-1', '--force', '--wait')
    expect(forced.stdout).toBe('node-1 is drained: it has no work, and gets none.\n')
    await first.stop()
    const second = await start({ nodes: 1, dataFolder })
    expect(await listed(second)).toMatchObject([{ name: 'node-1', state: 'drained' }])
    expect((await second.run('nodes', 'resume', 'node-1', '--json')).stdout).toContain('"state":null')
    expect(await listed(second)).toMatchObject([{ name: 'node-1', state: 'ready' }])
    expect((await second.run('nodes', 'drain', 'nobody')).exit).toBe(2)
  })
})

describe('an agent that is asked to end', () => {
  it('finishes the segment in hand, hands over the rest, and goes within five seconds', async () => {
    const paceline = await start({ nodes: 0 })
    const [node] = await Promise.all([addNode(paceline, 'guest'), addNode(paceline, 'host')])
    const viewer = await watch(paceline, 36)
    await viewer.untilAnnounced(1)
    await untilListed(paceline, { name: 'guest', state: 'working' })
    const askedAtMs = performance.now()
    node.child.kill('SIGTERM')
    expect(await node.ended).toEqual([0, null])
    expect(performance.now() - askedAtMs).toBeLessThan(5_500)
    expect(viewer.job.child.exitCode, 'the film is still being made').toBe(null)
    const outcomes = [...node.log().matchAll(/"outcome":"(\w+)"/g)].map(([, outcome]) => outcome)
    expect(outcomes).not.toContain('failed')
    expect(outcomes.length).toBeGreaterThan(0)
    expect(node.log()).not.toContain('cancelled')
    await viewer.expectWholeFilm()
  })
})
