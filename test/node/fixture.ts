import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  dataPlane,
  type GrantOrder,
  type LeaseInput,
  type OrderReply,
  type Report,
} from '../../src/cluster/messages.ts'
import { type Agent, type AgentLimits, startAgent } from '../../src/node/agent.ts'
import type { Confinement } from '../../src/node/confinement.ts'
import { waitingShell } from '../../src/node/launch-pad.ts'
import { silentLog } from '../../src/node/log.ts'
import type { PathRule } from '../../src/node/path-map.ts'
import { provingShell } from '../../src/node/path-prover.ts'
import { cpuSecondsOf } from '../../src/node/process-usage.ts'
import { TestControl } from './test-control.ts'
import { TestHead } from './test-head.ts'

/** An agent with a head of its own. */
export interface Rig {
  readonly head: TestHead
  readonly control: TestControl
  readonly agent: Agent
  /** Grants a lease and fails when the agent does not take it. */
  grant(order: Partial<GrantOrder>): void
  /** The same for an agent that may have a path to prove first. */
  grantPatiently(order: Partial<GrantOrder>): Promise<void>
  /** The report about an attempt, once it has come. */
  report(attempt: string): Promise<Report>
  close(): Promise<void>
}

export async function startRig(
  limits: Partial<AgentLimits> = {},
  maps: readonly PathRule[] = [],
  filesFolder?: string,
): Promise<Rig> {
  const head = await TestHead.start()
  const control = new TestControl()
  const agent = await startAgent({
    control,
    headUrl: head.url,
    certificate: head.certificate,
    identity: head.node,
    id: 'node-1',
    name: 'first',
    version: '0.0.0',
    platforms: ['software'],
    confinement: unconfined,
    log: silentLog,
    limits,
    maps,
    ...(filesFolder !== undefined && { filesFolder }),
  })
  const taken = (reply: OrderReply): void => {
    if (!reply.ok) throw new Error(`${reply.code}: ${reply.message}`)
  }
  return {
    head,
    control,
    agent,
    grant: (order) => taken(control.order(grantOrder(order))),
    grantPatiently: async (order) => taken(await control.orderLater(grantOrder(order))),
    report: (attempt) =>
      eventually(`report of ${attempt}`, () => control.reports.find((report) => report.attempt === attempt)),
    close: async () => {
      await agent.close()
      await head.close()
    },
  }
}

/** Leases of tests make pictures of their own, which no head asks for. */
export const unconfined: Confinement = { faultOf: () => undefined, inputOptions: () => [] }

/** Frames per segment of the leases below. */
export const segmentFrames = 10

/** A lease on a made-up picture of `seconds` at 25 fps, ten frames a segment, as fast as it goes or at `speed`. */
export function grantOrder(order: Partial<GrantOrder>): GrantOrder {
  return {
    type: 'grant',
    attempt: 'a',
    session: 's',
    part: 'video',
    from: 0,
    to: 1_000,
    until: 1_000,
    args: pictureArgs({ seconds: 4 }),
    inputs: [],
    ...order,
  }
}

export interface PictureOptions {
  readonly seconds: number
  readonly from?: number
  /** `real` runs at the speed of playback. */
  readonly pace?: 'real'
}

export function pictureArgs({ seconds, from = 0, pace }: PictureOptions): readonly string[] {
  const start = ['-nostdin', '-hide_banner', '-progress', '{progress}', '-stats_period', '0.1']
  const rate = pace === 'real' ? ['-re'] : []
  const input = ['-f', 'lavfi', '-i', `testsrc2=size=160x90:rate=25:duration=${seconds}`]
  return [...start, ...rate, ...input, '-map', '0:v', ...outputArgs(from, seconds * 25)]
}

/** Encodes to segments of ten frames. */
export function outputArgs(from: number, frames: number): readonly string[] {
  const cuts = Array.from(
    { length: Math.ceil(frames / segmentFrames) - 1 },
    (_, index) => (index + 1) * segmentFrames,
  )
  const encoder = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    String(segmentFrames),
    '-bf',
    '0',
    '-sc_threshold',
    '0',
  ]
  const muxer = ['-f', 'segment', '-segment_format', 'mpegts', '-segment_start_number', String(from)]
  return [...encoder, ...muxer, '-segment_frames', cuts.join(',') || '1000000', '{output}/%d']
}

export function leaseInput(head: TestHead, attempt: string, index: number, identity: string): LeaseInput {
  return { url: dataPlane.media(attempt, index), size: head.media[index]?.length ?? 0, identity }
}

/** The first value that `look` gives, looking every 5 ms; an error when there is none after `ms`. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false,
  ms = 20_000,
): Promise<T> {
  const started = performance.now()
  for (;;) {
    const value = look()
    if (value !== undefined && value !== false) return value
    if (performance.now() - started > ms) throw new Error(`${what}: not within ${ms} ms`)
    await sleep(5)
  }
}

/** Ids of the running processes that `parent` started. */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number)
}

/** Those of them that run ffmpeg: the launch pad's waiting shells do not. */
export function encodersOf(parent: number): readonly number[] {
  // A process that is just becoming another program has no words for a moment, nor has one that has ended.
  return childrenOf(parent).filter((pid) => {
    const words = commandLineOf(pid)
    return words.length > 1 && ![waitingShell[2], provingShell[2]].some((word) => words.includes(word))
  })
}

export function isRunning(pid: number): boolean {
  const state = statOf(String(pid))?.[0]
  return state !== undefined && state !== 'Z'
}

/** Resolves once a process has used no processor time for 300 ms; an error when it ends instead. */
export async function becomesIdle(pid: number): Promise<void> {
  for (let before = -1; ; await sleep(300)) {
    const now = cpuSecondsOf(pid)
    if (now === undefined || !isRunning(pid)) throw new Error(`process ${pid} ended instead of waiting`)
    if (now === before) return
    before = now
  }
}

/** Memory of a process that is in RAM, in units of 1,000,000 bytes; pages are 4 KiB on the machines tests run on. */
export function residentMegabytes(pid: number): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')
  return (Number(pages) * 4096) / 1e6
}

/** Words of a process's command line; none when it has ended. */
export function commandLineOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

function parentOf(pid: string): number | undefined {
  const parent = statOf(pid)?.[1]
  return parent === undefined ? undefined : Number(parent)
}

/** The fields of /proc/PID/stat from the state on; nothing for a process that has ended while we looked. */
function statOf(pid: string): readonly string[] | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return line.slice(line.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
