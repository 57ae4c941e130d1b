import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import { lookAtJob, whatIsLeft } from './evidence.ts'
import { playFilm, type Stalled } from './film-session.ts'
import { judge } from './judge.ts'
import { offerLate } from './late-offer.ts'
import * as processes from './process-faults.ts'
import type { Fault, Schedule, TimedFault } from './schedule.ts'
import * as faults from './session-faults.ts'
import { type Proof, type Stage, unproved } from './stage.ts'

/** The media that every schedule of a run plays. */
export interface Films {
  readonly mediaPath: string
  readonly foreignSegments: readonly Buffer[]
}

export interface ScheduleResult {
  readonly schedule: Schedule
  /** What is wrong; nothing when the schedule has passed. */
  readonly problems: readonly string[]
  /** How each fault was seen to happen. */
  readonly proofs: readonly string[]
  readonly tookMs: number
  /** Told, not judged. */
  readonly stalled: Stalled
  /** Where the server's own transcoder went on. */
  readonly handedBackAt: readonly number[]
  /** When each segment was announced, and each fault began, on one clock. */
  readonly announcedAtMs: readonly number[]
  readonly struckAtMs: readonly number[]
  /** What head and nodes have said meanwhile. */
  readonly log: readonly string[]
}

/** Plays a film in a cluster that is whole, does to it what the schedule says, and judges what has come of it. */
export async function runSchedule(
  cluster: Cluster,
  films: Films,
  schedule: Schedule,
): Promise<ScheduleResult> {
  const began = performance.now()
  const log = followLogs(cluster)
  const { playerSpeed, throttleAboveSeconds } = schedule
  const { mediaPath, foreignSegments } = films
  const session = await playFilm({ cluster, mediaPath, playerSpeed, throttleAboveSeconds })
  const stage: Stage = {
    ...{ cluster, session },
    foreignSegment: (segment) => foreignSegments[segment] ?? foreignSegments.at(-1)!,
  }
  const struckAtMs: number[] = []
  const striking = schedule.faults.map(async (timed) => ({
    timed,
    proof: await strike(stage, timed, () => struckAtMs.push(performance.now())),
  }))
  const { jobs, stalled, isStuck } = await session.ended
  const tookMs = performance.now() - began
  const strikes = await Promise.all(striking)
  const notBack = await cluster.restore().then(
    () => [],
    (error: Error) => [error.message.split('\n')[0] ?? ''],
  )
  const left = [...notBack, ...(await whatIsLeft(cluster))]
  const judged = await Promise.all(jobs.map(lookAtJob))
  const problems = judge({ jobs: judged, isStuck, strikes, left, tookMs })
  for (const { directory } of jobs) await rm(directory, { recursive: true, force: true })
  await rm(join(cluster.sessions, 'Application Support'), { recursive: true, force: true })
  return {
    ...{ schedule, problems, tookMs, stalled, struckAtMs, announcedAtMs: session.announcedAtMs },
    proofs: strikes.map(({ timed, proof }) => `${timed.fault.kind}: ${proof.how}`),
    handedBackAt: jobs.flatMap(({ handedBackAt }) => handedBackAt),
    log: log(),
  }
}

/** With the end of the film, which some wait for. */
const longestStrikeMs = 120_000

async function strike(
  stage: Stage,
  { fault, afterAnnounced, delayMs }: TimedFault,
  onBegin: () => void,
): Promise<Proof> {
  try {
    if (!(await stage.session.reaches(afterAnnounced))) return unproved('the film was over before')
    await sleep(delayMs)
    onBegin()
    const late = sleep(longestStrikeMs, unproved('it did not come to its end'), { ref: false })
    return await Promise.race([carryOut(stage, fault), late])
  } catch (error) {
    return unproved(`it failed: ${(error as Error).message}`)
  }
}

function carryOut(stage: Stage, fault: Fault): Promise<Proof> {
  switch (fault.kind) {
    case 'kill-node':
      return processes.killNode(stage, fault.node, fault.backAfterMs)
    case 'freeze-node':
      return processes.freezeNode(stage, fault.node, fault.forMs)
    case 'kill-encoder':
      return processes.killEncoder(stage, fault.node)
    case 'freeze-encoder':
      return processes.freezeEncoder(stage, fault.node)
    case 'kill-nats':
      return processes.killNats(stage)
    case 'freeze-nats':
      return processes.freezeNats(stage, fault.forMs)
    case 'kill-head':
      return processes.killHead(stage, fault.backAfterMs)
    case 'freeze-head':
      return processes.freezeHead(stage, fault.forMs)
    case 'join-node':
      return processes.joinNode(stage)
    case 'cut-network':
      return faults.cutNetwork(stage, fault.node, fault.forMs)
    case 'slow-network':
      return faults.slowNetwork(stage, fault.node, fault)
    case 'tear-network':
      return faults.tearNetwork(stage, fault.node)
    case 'full-disk':
      return faults.fillDisk(stage, fault.whose, fault.forMs)
    case 'throttle':
      return faults.throttle(stage, fault.forMs)
    case 'seek':
      return faults.seek(stage, fault.to)
    case 'drain-node':
      return faults.drainNode(stage, fault.node, fault.forMs)
    case 'late-offer':
      return offerLate(stage, fault.node, fault.backAfterMs)
  }
}

/** Lines of all processes of the cluster from now on, also of those that are started later. */
function followLogs(cluster: Cluster): () => string[] {
  const from = new Map<object, number>()
  const daemons = () => [
    { name: 'head', daemon: cluster.head() },
    ...cluster.nodes().map(({ name, daemon }) => ({ name, daemon })),
  ]
  const first = daemons()
  for (const { daemon } of first) from.set(daemon, daemon.lines.length)
  return () => {
    const all = new Map([...first, ...daemons()].map(({ name, daemon }) => [daemon, name]))
    return [...all].flatMap(([daemon, name]) =>
      daemon.lines.slice(from.get(daemon) ?? 0).map((line) => `${name} ${line}`),
    )
  }
}
