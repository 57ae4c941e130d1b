import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterNode } from './cluster.ts'
import { comesTrue, isEncoder, isRunning, parentOf, type SeenProcess, send, stateOf } from './processes.ts'
import { lateNode } from './schedule.ts'
import { type Proof, proved, type Stage, unproved } from './stage.ts'

const soonMs = 3_000

/** SIGKILL to the agent, whose encoders go with it; it starts again after a while, or when the film is over. */
export async function killNode(stage: Stage, name: string, backAfterMs: number | null): Promise<Proof> {
  const { daemon } = stage.cluster.node(name)
  const proof = await kill(daemon.pid)
  if (!proof.happened) return proof
  await (backAfterMs === null ? stage.session.ended : sleep(backAfterMs))
  await stage.cluster.startNode(name)
  return proved(`${proof.how}, and came back as ${stage.cluster.node(name).daemon.pid}`)
}

/** The whole machine stands still: the agent, and what it has started. */
export async function freezeNode({ cluster }: Stage, name: string, forMs: number): Promise<Proof> {
  const { pid } = cluster.node(name).daemon
  const others = cluster.processes().filter((other) => parentOf(other.pid) === pid)
  return freeze([pid, ...others.map((other) => other.pid)], forMs)
}

export async function killEncoder(stage: Stage, name: string): Promise<Proof> {
  const encoder = await encoderOn(stage, name)
  if (encoder === null) return unproved('no encoder was at work')
  return kill(encoder.pid)
}

/** It stays so until somebody kills it. */
export async function freezeEncoder(stage: Stage, name: string): Promise<Proof> {
  const encoder = await encoderOn(stage, name)
  if (encoder === null) return unproved('no encoder was at work')
  if (!send(encoder.pid, 'SIGSTOP')) return unproved(`encoder ${encoder.pid} has just ended`)
  const stopped = await comesTrue(() => stateOf(encoder.pid) === 'T', soonMs)
  return (stopped ? proved : unproved)(`encoder ${encoder.pid} is in state ${stateOf(encoder.pid)}`)
}

export async function killNats({ cluster }: Stage): Promise<Proof> {
  const pid = cluster.natsPid()
  return pid === null ? unproved('there is no nats-server') : kill(pid)
}

export async function freezeNats({ cluster }: Stage, forMs: number): Promise<Proof> {
  const pid = cluster.natsPid()
  return pid === null ? unproved('there is no nats-server') : freeze([pid], forMs)
}

/** Its nats-server goes with it; both start again after a while, or when the film is over. */
export async function killHead({ cluster, session }: Stage, backAfterMs: number | null): Promise<Proof> {
  const proof = await kill(cluster.head().pid)
  if (!proof.happened) return proof
  await (backAfterMs === null ? session.ended : sleep(backAfterMs))
  await cluster.startHead()
  return proved(`${proof.how}, and came back as ${cluster.head().pid}`)
}

export async function freezeHead({ cluster }: Stage, forMs: number): Promise<Proof> {
  return freeze([cluster.head().pid], forMs)
}

export async function joinNode({ cluster, session }: Stage): Promise<Proof> {
  if (session.isOver) return unproved('the film was over before')
  await cluster.startNode(lateNode)
  const { pid } = cluster.node(lateNode).daemon
  const how = `${lateNode} is ready as ${pid}, with ${session.announced()} segments announced`
  return session.isOver ? unproved(how) : proved(how)
}

/** An encoder of this node, or of any when it has none; null when the film is over before there is one. */
async function encoderOn({ cluster, session }: Stage, name: string): Promise<SeenProcess | null> {
  const isOf = (nodes: readonly ClusterNode[]) => (process: SeenProcess) =>
    nodes.some(({ daemon }) => daemon.pid === parentOf(process.pid))
  for (let tries = 0; !session.isOver; tries++) {
    const wanted = isOf(tries < 20 ? [cluster.node(name)] : cluster.nodes())
    const found = cluster.processes().find((process) => isEncoder(process) && wanted(process))
    if (found) return found
    await sleep(50)
  }
  return null
}

/** SIGKILL, and a look whether it is gone. */
export async function kill(pid: number): Promise<Proof> {
  if (!isRunning(pid)) return unproved(`process ${pid} had ended before`)
  send(pid, 'SIGKILL')
  const gone = await comesTrue(() => !isRunning(pid), soonMs)
  return gone ? proved(`process ${pid} is gone`) : unproved(`process ${pid} is still there`)
}

/** SIGSTOP for so long, and a look whether they stand still. */
export async function freeze(pids: readonly number[], forMs: number): Promise<Proof> {
  const stopped = pids.filter((pid) => send(pid, 'SIGSTOP'))
  try {
    // An encoder that has just ended stays until its agent, which is stopped, hears of it.
    const isStill = (pid: number) => ['T', 'Z', null].includes(stateOf(pid))
    if (!(await comesTrue(() => stopped.every(isStill), soonMs))) return unproved(`${pids} did not stop`)
    const states = stopped.map((pid) => `${pid} ${stateOf(pid)}`).join(', ')
    await sleep(forMs)
    // Whoever watches over it may have killed it meanwhile.
    const now = stateOf(pids[0]!)
    if (now !== 'T' && isRunning(pids[0]!)) return unproved(`process ${pids[0]} did not stay stopped`)
    return proved(`stopped ${now === 'T' ? `for ${forMs} ms` : 'until it was killed'}: ${states}`)
  } finally {
    for (const pid of stopped) send(pid, 'SIGCONT')
  }
}
