/**
 * Loaded into the head before anything of its own (`node --import`): times its decisions and its event loop, and
 * writes what it has seen since the last time to PACELINE_BENCH_PROBE whenever SIGUSR2 comes.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createHistogram, monitorEventLoopDelay, type RecordableHistogram } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { SessionAction } from '../../src/session/actions.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import type { Session } from '../../src/session/session.ts'
import type { HeadFacts, Spread } from './head-facts.ts'

const resolutionMs = 5
const loop = monitorEventLoopDelay({ resolution: resolutionMs })
type Histograms = Map<string, RecordableHistogram>
let decisions: Histograms = new Map()
let processorTimes: Histograms = new Map()

/** The head's own module: the same instance that its sessions are made of. */
const module = pathToFileURL(resolve('dist/session/session.js')).href
const { Session: SessionClass } = (await import(module)) as { readonly Session: typeof Session }
const decide = SessionClass.prototype.handle

interface Moment {
  readonly ms: number
  readonly used: NodeJS.CpuUsage
}

/** When the turn of the event loop began in which sessions are told something; many may be told in one. */
let turnBegan: Moment | null = null

SessionClass.prototype.handle = function handle(this: Session, event: SessionEvent, nowMs: number) {
  if (turnBegan === null) {
    turnBegan = { ms: performance.now(), used: process.cpuUsage() }
    queueMicrotask(() => {
      turnBegan = null
    })
  }
  const began = turnBegan
  const actions = decide.call(this, event, nowMs)
  return handedOver(actions, () => {
    record(decisions, event.type, performance.now() - began.ms)
    const { user, system } = process.cpuUsage(began.used)
    record(processorTimes, event.type, (user + system) / 1_000)
  })
}

/** The head walks along the actions and carries each out at once: behind the last one all are handed over. */
function handedOver(actions: SessionAction[], onEnd: () => void): SessionAction[] {
  const walk = actions[Symbol.iterator].bind(actions)
  Object.defineProperty(actions, Symbol.iterator, {
    *value() {
      yield* { [Symbol.iterator]: walk }
      onEnd()
    },
  })
  return actions
}

function record(histograms: Histograms, type: string, ms: number): void {
  const histogram = histograms.get(type) ?? createHistogram()
  histograms.set(type, histogram)
  histogram.record(Math.max(1, Math.round(ms * 1e6)))
}

function write(): void {
  const path = process.env.PACELINE_BENCH_PROBE
  if (path === undefined) return
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
  collectAll()
  const facts: HeadFacts = {
    decisions: Object.fromEntries([...decisions].map(([type, histogram]) => [type, spread(histogram, 0)])),
    all: spread(together(decisions), 0),
    processor: spread(together(processorTimes), 0),
    loopDelay: spread(loop, resolutionMs),
    memory: { rss, heapUsed, external, arrayBuffers, heldBuffers: process.memoryUsage().arrayBuffers },
  }
  writeFileSync(`${path}.new`, JSON.stringify(facts))
  renameSync(`${path}.new`, path)
  decisions = new Map()
  processorTimes = new Map()
  loop.reset()
}

function together(histograms: Histograms): RecordableHistogram {
  const all = createHistogram()
  for (const histogram of histograms.values()) all.add(histogram)
  return all
}

/** Milliseconds. `less`: what a histogram counts that is no delay. */
function spread(histogram: Pick<RecordableHistogram, 'percentile' | 'max' | 'count'>, less: number): Spread {
  const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - less)
  const at = (percentile: number) => (histogram.count === 0 ? 0 : ms(histogram.percentile(percentile)))
  return {
    count: histogram.count,
    p50: at(50),
    p99: at(99),
    most: histogram.count === 0 ? 0 : ms(histogram.max),
  }
}

setFlagsFromString('--expose-gc')
/** What is in buffers after this, somebody holds. */
const collectAll = runInNewContext('globalThis.gc') as () => void

loop.enable()
process.on('SIGUSR2', write)
