import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyBuild } from '../chaos/build-copy.ts'
import { type Cluster, startCluster } from '../chaos/cluster.ts'
import { lookAtJob, whatIsLeft } from '../chaos/evidence.ts'
import { playFilm } from '../chaos/film-session.ts'
import { judge } from '../chaos/judge.ts'
import { film } from '../chaos/schedule.ts'
import { makeClip } from '../clips/make-clip.ts'

let build: Awaited<ReturnType<typeof copyBuild>>
let cluster: Cluster

beforeAll(async () => {
  build = await copyBuild()
  cluster = await startCluster(build)
})

afterAll(async () => {
  const left = await cluster?.close()
  await build?.remove()
  expect(left).toEqual([])
})

/** What a node logs of its leases. */
interface LeaseLine {
  readonly message: string
  readonly attempt: string
  readonly type?: string
  readonly ok?: boolean
  readonly outcome?: string
}

const leaseLines = (lines: readonly string[]): LeaseLine[] =>
  lines
    .map((line) => JSON.parse(line) as LeaseLine)
    .filter(({ message }) => message === 'order' || message === 'lease over')

interface NodeAtWork {
  readonly name: string
  /** Its leases. */
  readonly attempts: readonly string[]
  /** How many lines it had logged. */
  readonly lines: number
}

function nodesAtWork(): NodeAtWork[] {
  return cluster.nodes().map(({ name, daemon: { lines } }) => {
    const all = leaseLines(lines)
    const over = all.filter(({ message }) => message === 'lease over').map(({ attempt }) => attempt)
    const granted = all.filter(({ type, ok }) => type === 'grant' && ok).map(({ attempt }) => attempt)
    return { name, attempts: granted.filter((attempt) => !over.includes(attempt)), lines: lines.length }
  })
}

/** Of these leases those with which the node has gone on: a head has given it orders about them, or has taken all of them. */
function goneOnWith({ name, attempts, lines }: NodeAtWork): string[] {
  const later = leaseLines(cluster.node(name).daemon.lines.slice(lines))
  return attempts.filter((own) =>
    later.some(({ attempt, ok, outcome }) => attempt === own && (ok || outcome === 'clean')),
  )
}

describe('a head that is killed in the middle of a film and starts again', () => {
  it('goes on with it: the original is not needed, and nodes work on at what they had', async () => {
    const mediaPath = await makeClip({ seconds: film.seconds, size: '320x180', audio: 'aac-48000' })
    const session = await playFilm({ cluster, mediaPath, playerSpeed: 1, throttleAboveSeconds: 1_000 })
    await session.reaches(16)
    const before = nodesAtWork()
    process.kill(cluster.head().pid, 'SIGKILL')
    await cluster.head().ended
    const [announced, killedMs] = [session.announced(), performance.now()]
    await cluster.startHead()
    await session.reaches(announced + 1)
    console.info(`the next segment ${Math.round(performance.now() - killedMs)} ms after the head was killed`)
    const { jobs, isStuck, stalled } = await session.ended
    const left = await whatIsLeft(cluster)
    const judged = await Promise.all(jobs.map(lookAtJob))
    expect(judge({ jobs: judged, isStuck, strikes: [], left, tookMs: 0 })).toEqual([])
    expect(jobs.flatMap(({ handedBackAt }) => handedBackAt)).toEqual([])
    expect(before.flatMap(({ attempts }) => attempts)).not.toEqual([])
    expect(before.flatMap(goneOnWith)).not.toEqual([])
    expect(stalled.player).toBeLessThan(500)
  })

  it('forgets what nobody comes back for, and its nodes stop working for it', async () => {
    const mediaPath = await makeClip({ seconds: film.seconds, size: '320x180', audio: 'aac-48000' })
    const session = await playFilm({ cluster, mediaPath, playerSpeed: 1, throttleAboveSeconds: 1_000 })
    await session.reaches(4)
    process.kill(cluster.head().pid, 'SIGKILL')
    await session.ended
    await cluster.startHead()
    await sleep(100)
    expect(await whatIsLeft(cluster)).toEqual([])
  })
})
