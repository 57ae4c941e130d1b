import { readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { Cluster } from '../chaos/cluster.ts'
import type { FilmSession } from '../chaos/film-session.ts'
import { freeze, kill } from '../chaos/process-faults.ts'
import { comesTrue, isEncoder, isRunning, parentOf, type SeenProcess, send } from '../chaos/processes.ts'
import { film, type RowNode } from '../chaos/schedule.ts'
import { type Proof, proved, unproved } from '../chaos/stage.ts'
import type { PlayerState } from './playback.ts'

/**
 * Who is killed, with SIGKILL; nobody in the control. The shim is stopped for longer than any player has film in hand
 * here, so that it has to stall: nobody but the shim can bring it more.
 */
export type Victim = RowNode | 'head' | 'nats' | 'shim' | null

/** What the player had, from the fault on; in the control, from where the fault would have been. */
export interface Struck {
  readonly proof: Proof
  /** On the clock of performance.now(). */
  readonly atMs: number
  readonly atSeconds: number
  readonly bufferedSeconds: number
  /** What was announced beyond where the player was. */
  readonly announcedAheadSeconds: number
  readonly leastBufferedSeconds: number
  /** Where hls.js itself complained of a stall, in all of the film. */
  readonly stalledAtSeconds: readonly number[]
}

/** The fault comes when the player is as far, and has as much in hand. */
const earliestSeconds = 12
const wantedSeconds = 8
/** And there is no more than this for it, the server's folder included. */
const mostAnnouncedSeconds = 11
/** A node is killed in the middle of its work if it has some before here. */
const latestSeconds = 20
const betweenSamplesMs = 100
const shimStoppedMs = 15_000
const soonMs = 3_000

/** Follows a player until it is at `untilSeconds`, and does the fault on its way; null when it never had enough in hand. */
export async function strikeWhilePlaying(
  { page, cluster, session }: { page: Page; cluster: Cluster; session: FilmSession },
  victim: Victim,
  untilSeconds: number,
): Promise<Struck | null> {
  const giveUpAtMs = performance.now() + (untilSeconds + 30) * 1000
  const look = async (): Promise<PlayerState> => {
    await sleep(betweenSamplesMs)
    return (await page.evaluate('page.state()')) as PlayerState
  }
  const isOver = ({ mediaSeconds }: PlayerState) =>
    mediaSeconds >= untilSeconds || performance.now() > giveUpAtMs

  let state = await look()
  const announcedAhead = () => session.announced() * film.segmentSeconds - state.mediaSeconds
  while (announcedAhead() > mostAnnouncedSeconds || !isTime(state, cluster, victim)) {
    if (isOver(state)) return null
    state = await look()
  }
  const { mediaSeconds: atSeconds, bufferedSeconds } = state
  const announcedAheadSeconds = announcedAhead()
  const atMs = performance.now()
  const proof = strike(cluster, victim).catch((error: Error) => unproved(`it failed: ${error.message}`))
  let leastBufferedSeconds = bufferedSeconds
  while (!isOver(state)) {
    state = await look()
    leastBufferedSeconds = Math.min(leastBufferedSeconds, state.bufferedSeconds)
  }
  const { stalledAtSeconds } = state
  return {
    ...{ atMs, atSeconds, bufferedSeconds, announcedAheadSeconds, leastBufferedSeconds, stalledAtSeconds },
    proof: await proof,
  }
}

function isTime({ mediaSeconds, bufferedSeconds }: PlayerState, cluster: Cluster, victim: Victim): boolean {
  if (mediaSeconds < earliestSeconds || bufferedSeconds < wantedSeconds) return false
  if (victim === null || victim === 'head' || victim === 'nats' || victim === 'shim') return true
  return mediaSeconds > latestSeconds || encodersOf(cluster, victim).length > 0
}

async function strike(cluster: Cluster, victim: Victim): Promise<Proof> {
  if (victim === null) return proved('nothing was done')
  if (victim === 'head') return killHead(cluster)
  if (victim === 'nats') return killNats(cluster)
  if (victim === 'shim') return freezeShims(cluster)
  return killNode(cluster, victim)
}

/** It starts again at once, as under systemd. */
async function killHead(cluster: Cluster): Promise<Proof> {
  const proof = await kill(cluster.head().pid)
  if (!proof.happened) return proof
  await cluster.startHead()
  return proved(`${proof.how}, and came back as ${cluster.head().pid}`)
}

/** The head starts it again by itself. */
async function killNats(cluster: Cluster): Promise<Proof> {
  const pid = cluster.natsPid()
  if (pid === null) return unproved('there is no nats-server')
  const proof = await kill(pid)
  const isBack = await comesTrue(() => ![null, pid].includes(cluster.natsPid()), soonMs)
  return isBack && proof.happened ? proved(`${proof.how}, and came back as ${cluster.natsPid()}`) : proof
}

async function freezeShims(cluster: Cluster): Promise<Proof> {
  const pids = cluster
    .processes()
    .flatMap(({ pid }) => (programOf(pid).endsWith('/paceline-shim') ? [pid] : []))
  return pids.length === 0 ? unproved('there is no shim') : freeze(pids, shimStoppedMs)
}

/** Empty for a process that is gone. */
function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** The agent and what it encodes; it stays away. */
async function killNode(cluster: Cluster, name: RowNode): Promise<Proof> {
  const encoders = encodersOf(cluster, name).map(({ pid }) => pid)
  const all = [cluster.node(name).daemon.pid, ...encoders]
  if (!send(all[0]!, 'SIGKILL')) return unproved(`${name} had ended before`)
  for (const pid of encoders) send(pid, 'SIGKILL')
  const gone = await comesTrue(() => !all.some(isRunning), soonMs)
  return (gone ? proved : unproved)(`${name} and ${encoders.length} encoders of it were killed`)
}

function encodersOf(cluster: Cluster, name: RowNode): SeenProcess[] {
  const { pid } = cluster.node(name).daemon
  return cluster.processes().filter((process) => isEncoder(process) && parentOf(process.pid) === pid)
}
