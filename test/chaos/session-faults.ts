import { setTimeout as sleep } from 'node:timers/promises'
import type { NodeNetwork } from './node-network.ts'
import { type Proof, proved, type Stage, unproved } from './stage.ts'
import { fairWeather } from './tcp-link.ts'

/** Silent for a while, in both directions: the cable is pulled where there is one, else the link holds everything. */
export async function cutNetwork({ cluster }: Stage, name: string, forMs: number): Promise<Proof> {
  const { link, network } = cluster.node(name)
  if (network) return pullCable(network, name, forMs)
  const before = { ...link.counts }
  link.set({ ...fairWeather, isCut: true })
  await sleep(forMs)
  link.set(fairWeather)
  const bytes = link.counts.heldBytes - before.heldBytes
  const connections = link.counts.heldConnections - before.heldConnections
  const how = `${bytes} bytes and ${connections} connections of ${name} were held for ${forMs} ms`
  return bytes + connections > 0 ? proved(how) : unproved(how)
}

async function pullCable(network: NodeNetwork, name: string, forMs: number): Promise<Proof> {
  network.pull()
  const states = [network.state()]
  await sleep(forMs)
  states.push(network.state())
  network.plug()
  const how = `the cable of ${name} was ${states.join(', then ')} for ${forMs} ms`
  return states.every((state) => state === 'down') ? proved(how) : unproved(how)
}

export async function slowNetwork(
  { cluster }: Stage,
  name: string,
  { delayMs, bytesPerSecond, forMs }: { delayMs: number; bytesPerSecond: number; forMs: number },
): Promise<Proof> {
  const { link } = cluster.node(name)
  const before = link.counts.delayedBytes
  link.set({ isCut: false, delayMs, bytesPerSecond })
  await sleep(forMs)
  link.set(fairWeather)
  const bytes = link.counts.delayedBytes - before
  const how = `${bytes} bytes of ${name} went slowly`
  return bytes > 0 ? proved(how) : unproved(how)
}

export async function tearNetwork({ cluster }: Stage, name: string): Promise<Proof> {
  const count = cluster.node(name).link.tear()
  const how = `${count} connections of ${name} were torn`
  return count > 0 ? proved(how) : unproved(how)
}

export async function fillDisk(
  { cluster, session }: Stage,
  whose: 'node' | 'server',
  forMs: number,
): Promise<Proof> {
  const disk = cluster.disks?.[whose]
  if (!disk) return unproved('no disk can be mounted here')
  if (session.isOver) return unproved('the film was over before')
  try {
    disk.fill()
    const freeBytes = await disk.freeBytes()
    await sleep(forMs)
    const how = `${freeBytes} bytes were free on the disk of the ${whose}, for ${forMs} ms`
    return freeBytes < 4_096 ? proved(how) : unproved(how)
  } finally {
    disk.clear()
  }
}

export async function throttle({ session }: Stage, forMs: number): Promise<Proof> {
  const before = session.reports.heldBack
  session.isHeldBack = true
  await sleep(forMs)
  session.isHeldBack = false
  const count = session.reports.heldBack - before
  const how = `${count} reports were answered with the wish for less`
  return count > 0 ? proved(how) : unproved(how)
}

export async function seek({ session }: Stage, segment: number): Promise<Proof> {
  if (session.isOver) return unproved('the film was over before')
  const before = session.directory()
  await session.seek(segment)
  const how = `the job was killed, and another one began at segment ${segment}`
  return session.directory() === before ? unproved('no job has begun') : proved(how)
}

/** It gets nothing more, and gives away what it has in hand; after a while it may work again. */
export async function drainNode({ cluster, session }: Stage, name: string, forMs: number): Promise<Proof> {
  if (session.isOver) return unproved('the film was over before')
  const api = await cluster.api()
  const asked = await api.post<{ state: string | null }>(`/nodes/${name}/drain`, { force: true })
  await sleep(forMs)
  const state = (await cluster.status())?.nodes.find((node) => node.name === name)?.state
  await api.post(`/nodes/${name}/resume`, {})
  const how = `${name} was ${asked.state}, and ${state} after ${forMs} ms`
  return state === 'draining' || state === 'drained' ? proved(how) : unproved(how)
}
