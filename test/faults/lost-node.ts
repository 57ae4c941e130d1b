import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect } from 'vitest'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { encodersBelow, processesBelow } from '../head/process-tree.ts'
import { openOwnNetwork } from './own-network.ts'
import { playFilm, wholeFilm } from './playing-film.ts'

const filmSeconds = 40

/** What has not come to pass by then will not. */
const patienceMs = 25_000

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(nodes: number, args: string[] = []): Promise<RunningPaceline> {
  const paceline = await startPaceline({ nodes, args })
  closers.push(() => paceline.stop())
  return paceline
}

async function play(paceline: RunningPaceline) {
  const film = await playFilm(paceline, { seconds: filmSeconds })
  closers.push(() => film.close())
  return film
}

/** Process of the n-th agent that `paceline up` has started, from 1. */
function agentPid(paceline: RunningPaceline, n: number): number {
  const agents = processesBelow(paceline.pid).filter(({ words }) => words[0]?.startsWith('paceline node'))
  const pid = agents.map((agent) => agent.pid).toSorted((one, other) => one - other)[n - 1]
  if (pid === undefined) throw new Error(`there are ${agents.length} agents`)
  return pid
}

const encoders = (agent: number): number[] => encodersBelow(agent).map(({ pid }) => pid)

/** Plays a film that begins on one of two nodes, and that the other may take part in from then on. */
async function playOn(paceline: RunningPaceline, agent: number, other: string) {
  await order(paceline, 'drain', other)
  const film = await play(paceline)
  const encoding = await untilAtWork(agent)
  await order(paceline, 'resume', other)
  return { film, encoding }
}

async function order(paceline: RunningPaceline, what: 'drain' | 'resume', node: string): Promise<void> {
  const { exit, stderr } = await paceline.run('nodes', what, node)
  if (exit !== 0) throw new Error(stderr)
}

async function untilAtWork(agent: number): Promise<number[]> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    if (performance.now() > giveUpAt) throw new Error(`agent ${agent} gets no work`)
    const pids = encoders(agent)
    // One stands ready for the next lease, and has nothing to do yet.
    if (pids.length > 1) return pids
    await sleep(5)
  }
}

/** When the head first said so, in milliseconds since the epoch; asked until it has. */
async function said(paceline: RunningPaceline, message: string, sinceMs: number): Promise<number> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    if (performance.now() > giveUpAt) {
      throw new Error(`nobody said "${message}", but\n${paceline.log().split('\n').slice(-15).join('\n')}`)
    }
    for (const line of paceline.log().split('\n')) {
      if (!line.startsWith('{"level":30')) continue
      const { msg, time } = JSON.parse(line) as { msg: string; time: number | string }
      const saidMs = new Date(time).getTime()
      if (msg === message && saidMs >= sinceMs) return saidMs
    }
    await sleep(10)
  }
}

/** Freezes the second of two nodes in the middle of a film, with what its agent has started or without, and wakes it. */
export async function freezeAndWake(encodersToo: boolean): Promise<void> {
  const paceline = await start(2)
  const agent = agentPid(paceline, 2)
  const { film, encoding } = await playOn(paceline, agent, 'node-1')
  const frozen = encodersToo ? [agent, ...encoding] : [agent]
  closers.push(() => wake(frozen))
  const frozenMs = Date.now()
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
  const announced = film.announced().length
  const lostMs = (await said(paceline, 'node node-2 left: silent', frozenMs)) - frozenMs
  await film.reaches(announced + 1)
  console.log(`frozen: lost after ${lostMs} ms, next segment within ${Date.now() - frozenMs} ms`)
  expect(lostMs).toBeLessThan(2_500)
  await sleep(1_000)
  const wokenMs = Date.now()
  wake(frozen)
  await said(paceline, 'node node-2 joined', wokenMs)
  expect(await film.played()).toEqual(wholeFilm(filmSeconds))
  // What it was doing is refused, and over.
  await untilAtRest(agent)
  const { film: again } = await playOn(paceline, agent, 'node-1')
  await again.reaches(3)
}

/** Cuts the cable of a node in the middle of a film, and mends it. */
export async function cutAndMend(): Promise<void> {
  const paceline = await start(1, ['--host', '0.0.0.0'])
  const network = openNetwork()
  const agent = await startNode(paceline, network)
  const { film } = await playOn(paceline, agent, 'node-1')
  const cutMs = Date.now()
  network.cut()
  const announced = film.announced().length
  const lostMs = (await said(paceline, 'node far left: silent', cutMs)) - cutMs
  await film.reaches(announced + 1)
  const nextMs = Date.now() - cutMs
  expect(lostMs).toBeLessThan(2_500)
  await sleep(4_000)
  const mendedMs = Date.now()
  network.mend()
  const backMs = (await said(paceline, 'node far joined', mendedMs)) - mendedMs
  console.log(`cut off: lost after ${lostMs} ms, next segment within ${nextMs} ms, back after ${backMs} ms`)
  expect(backMs).toBeLessThan(6_000)
  expect(await film.played()).toEqual(wholeFilm(filmSeconds))
  await untilAtRest(agent)
  const { film: again } = await playOn(paceline, agent, 'node-1')
  await again.reaches(3)
}

/** Cuts the cable of the only node for less than makes it lost. */
export async function cutForAMoment(): Promise<void> {
  const paceline = await start(0, ['--host', '0.0.0.0'])
  const network = openNetwork()
  await startNode(paceline, network)
  const film = await play(paceline)
  await film.reaches(2)
  network.cut()
  await sleep(400)
  network.mend()
  expect(await film.played()).toEqual(wholeFilm(filmSeconds))
  expect(paceline.log()).not.toContain('node far left')
}

function openNetwork() {
  const network = openOwnNetwork()
  closers.push(network.close)
  return network
}

/** One encoder stands ready for the next lease, and has nothing to do yet. */
async function untilAtRest(agent: number): Promise<void> {
  while (encoders(agent).length > 1) await sleep(10)
}

function wake(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGCONT')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Joins a node that reaches the head by its own network alone. Answers its process. */
async function startNode(
  paceline: RunningPaceline,
  network: ReturnType<typeof openOwnNetwork>,
): Promise<number> {
  const { exit, stdout, stderr } = await paceline.run('token', '--address', network.address, '--name', 'far')
  if (exit !== 0) throw new Error(stderr)
  const data = await mkdtemp(join(tmpdir(), 'paceline-far-'))
  const program = [process.execPath, join(projectFolder, 'bin', 'paceline.js')]
  const args = ['--data', data, 'node', '--json', '--join', stdout.trim()]
  const [first, ...words] = [...network.command, ...program, ...args]
  const child = spawn(first!, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'close')
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  closers.push(async () => {
    child.kill('SIGINT')
    await ended
    await rm(data, { recursive: true, force: true })
  })
  while (!log.includes('node is ready')) {
    if (child.exitCode !== null) throw new Error(`the node ended: ${log}`)
    await sleep(20)
  }
  return child.pid!
}
