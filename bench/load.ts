/**
 * A head with 100 nodes and 100 sessions, against the budgets of docs/design.md: memory, processor time, how long its
 * decisions take and how late its event loop is. Head, nats-server, shims, their door and the agents are the real ones;
 * agents are many in few processes, and what they take for ffmpeg is a small program that sends prepared segments
 * (bench/load/encoder.c).
 *
 *   npm run bench:load -- [--nodes 100] [--sessions 100] [--seconds 60] [--processes 5] [--megabits 3] [--speed 5]
 *     [--source 0] [--lead 30] [--every 200] [--profile FOLDER]
 *
 * --seconds: how long it is watched when all play. --megabits: of a segment; --speed: of a node, over real time;
 * --source: megabits a second of the film that nodes read through the head meanwhile. --lead: seconds at which the
 * media server asks for a throttle. --every: milliseconds from one session's start to the next one's. --profile: where
 * the head leaves a profile of its processor time (the figures then include the profiler).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { benchClip } from './clips.ts'
import { judge } from './latency/series.ts'
import { type Crew, startCrew } from './load/crew.ts'
import { askHead, type HeadFacts, type Spread } from './load/head-facts.ts'
import { directoryBelow, startShims } from './load/sessions.ts'
import { startViewers, type Viewers } from './load/viewers.ts'
import { natsServerOf, startWatch } from './load/watch.ts'
import { output } from './programs.ts'
import { type BenchRow, startRow } from './row.ts'

const { values: flags } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100' },
    sessions: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '60' },
    processes: { type: 'string', default: '5' },
    megabits: { type: 'string', default: '3' },
    speed: { type: 'string', default: '5' },
    source: { type: 'string', default: '0' },
    lead: { type: 'string', default: '30' },
    every: { type: 'string', default: '200' },
    profile: { type: 'string' },
  },
})
const [nodes, sessions, seconds] = [flags.nodes, flags.sessions, flags.seconds].map(Number) as [
  number,
  number,
  number,
]
const idleSeconds = 5
const lossSeconds = 10
const startPatienceMs = 60_000
const segmentSeconds = 3
/** The decisions of sessions that are wanted by the design to take no longer. */
const budget = { decisionMs: 5, megabytes: 300 }

const folder = await mkdtemp(join(tmpdir(), 'paceline-bench-load-'))
const probePath = join(folder, 'head-facts.json')
process.env.PACELINE_BENCH_PROBE = probePath
// Long enough for the encoders, which go on for as long as they are let.
const clip = resolve(await benchClip(1_800))
const encoder = await buildEncoder()
const probe = pathToFileURL(fileURLToPath(new URL('load/head-probe.js', import.meta.url))).href
const profiling =
  flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(flags.profile)}`]
const row = await startRow({ nodes: [], headNode: ['--import', probe, ...profiling] })
const directoryOf = directoryBelow(folder)
const viewers = await startViewers({ segmentSeconds, mostLeadSeconds: Number(flags.lead), directoryOf })
let crew: Crew | undefined
try {
  crew = await startCrew({ row, nodes, processes: Number(flags.processes), encoder, folder })
  const groups = { head: [row.headPid], 'nats-server': [natsServerOf(row.headPid)], nodes: crew.pids }
  await watched(`${nodes} nodes, no session`, groups, () => sleep(idleSeconds * 1_000))
  const { shims } = await watched(`${sessions} sessions begin`, groups, async () => ({
    shims: await startShims({
      row,
      clip,
      sessions,
      everyMs: Number(flags.every),
      jobUrl: viewers.jobUrl,
      directoryOf,
    }),
    begun: await allPlay(viewers),
  }))
  await watched('all play', { ...groups, shims: shims.pids }, () => sleep(seconds * 1_000))
  await watched('one process of nodes killed', groups, async () => {
    console.log(`  ${crew!.killOne()} nodes lost at once`)
    await sleep(lossSeconds * 1_000)
  })
  console.log(`  ${shims.ended()} shims ended by themselves, ${viewers.late} segments came late`)
  await shims.kill()
  await watched('all viewers gone', groups, () => sleep(idleSeconds * 1_000))
  await nothingLeft(row)
} finally {
  await crew?.stop()
  await row.stop()
  viewers.close()
  await rm(folder, { recursive: true, force: true })
}

async function buildEncoder(): Promise<string> {
  const program = join(folder, 'encoder')
  const numbers = [
    `SPEED=${flags.speed}`,
    `VIDEO_BITS=${megabits(flags.megabits)}`,
    `SOURCE_BITS=${megabits(flags.source)}`,
  ]
  await output(['cc', '-O2', '-o', program, ...numbers.map((each) => `-D${each}`), 'bench/load/encoder.c'])
  return program
}

function megabits(text: string): number {
  return Math.round(Number(text) * 1e6)
}

/** All have their first segments, and lead by half of what they may. */
async function allPlay(viewers: Viewers): Promise<void> {
  const giveUpAt = performance.now() + startPatienceMs
  while (viewers.begun < sessions || viewers.leastLeadSeconds() < Number(flags.lead) / 2) {
    if (performance.now() > giveUpAt) {
      console.log(
        `  not all play: ${viewers.begun} begun, least lead ${viewers.leastLeadSeconds().toFixed(1)} s; the head says:\n`,
        row.log().slice(-2_000),
      )
      return
    }
    await sleep(100)
  }
}

/** Does something and prints what it took. */
async function watched<T>(
  what: string,
  groups: Readonly<Record<string, readonly number[]>>,
  work: () => Promise<T>,
): Promise<T> {
  await askHead(row.headPid, probePath)
  const watch = startWatch(groups)
  const [beganMs, announced] = [performance.now(), viewers.announced]
  try {
    const result = await work()
    const facts = await askHead(row.headPid, probePath)
    console.log(
      `\n${what}: ${((performance.now() - beganMs) / 1000).toFixed(1)} s, load average ${loadavg()[0]!.toFixed(2)}`,
    )
    for (const [name, { cores, most, last }] of Object.entries(watch.read())) {
      console.log(
        `  ${name}: ${cores.toFixed(2)} cores, resident at most ${mega(most)} MB, last ${mega(last)} MB`,
      )
    }
    report(what, facts, watch.read().head!.most)
    const rate = (viewers.announced - announced) / ((performance.now() - beganMs) / 1000)
    const lead = viewers.begun === 0 ? '' : `, least lead ${viewers.leastLeadSeconds().toFixed(1)} s`
    console.log(`  ${rate.toFixed(1)} segments a second announced${lead}`)
    return result
  } finally {
    watch.stop()
  }
}

function report(
  what: string,
  { decisions, all, processor, loopDelay, memory }: HeadFacts,
  mostBytes: number,
): void {
  const { heapUsed, external, arrayBuffers, heldBuffers } = memory
  console.log(
    `  of the head's memory: heap ${mega(heapUsed)} MB, outside it ${mega(external)} MB, of which buffers ${mega(arrayBuffers)} MB, ${mega(heldBuffers)} of them held`,
  )
  for (const [type, spread] of Object.entries(decisions)) console.log(`  ${type}: ${shown(spread)}`)
  console.log(`  event loop late by: ${shown(loopDelay)}`)
  judge(`${what}: head's memory at most`, mostBytes / 1e6, budget.megabytes, 'MB')
  if (all.count === 0) return
  judge(`${what}: decisions, p99`, all.p99, budget.decisionMs, 'ms')
  judge(`${what}: decisions, p99 of processor time`, processor.p99, budget.decisionMs, 'ms')
  console.log(`  all decisions: ${shown(all)}; of processor time: ${shown(processor)}`)
}

function shown({ count, p50, p99, most }: Spread): string {
  return `p50 ${p50.toFixed(3)}, p99 ${p99.toFixed(3)}, most ${most.toFixed(2)} ms (${count})`
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

async function nothingLeft({ run }: BenchRow): Promise<void> {
  const { sessions: left } = JSON.parse(await run('status', '--json')) as { sessions: readonly unknown[] }
  if (left.length > 0) throw new Error(`${left.length} sessions are left`)
}
