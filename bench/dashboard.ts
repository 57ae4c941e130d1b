/**
 * How smooth the dashboard stays with 200 nodes and 500 sessions: a page in headless Chromium is opened, watched and
 * scrolled while events arrive from another process, written and sent by the head's own code. Times are those of all
 * tasks of the page's main thread, from the browser's own trace, the loading among them.
 *
 *   npm run bench:dashboard
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../test/browsers/chromium.ts'
import { serveFleet } from './dashboard/serving.ts'
import { type TraceEvent, taskCategories, taskTimes } from './dashboard/task-times.ts'
import { quietMoment } from './quiet.ts'
import { percentile } from './statistics.ts'

const [nodes, sessions] = [200, 500] as const
const runs = 3
const seconds = 12
const mostMs = 100
const leastShare = 0.95

const serving = await serveFleet(nodes, sessions)
const browser = await startChromium()
const shares: number[] = []
try {
  console.log(`${nodes} nodes, ${sessions} sessions, ${seconds} s each; tasks of the page's main thread`)
  for (let run = 1; run <= runs; run += 1) {
    const busy = await quietMoment(20_000)
    const events = await traceOnce(browser, serving.address)
    shares.push(report(run, busy, events))
  }
} finally {
  await browser.close()
  await serving.stop()
}
const isSmooth = shares.every((share) => share >= leastShare)
console.log(`${leastShare * 100} % of tasks under ${mostMs} ms in each run: ${isSmooth ? 'yes' : 'NO'}`)
process.exitCode = isSmooth ? 0 : 1

/** Loads the page and scrolls through it while it lives. */
async function traceOnce(browser: Browser, address: string): Promise<TraceEvent[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await browser.startTracing(page, { categories: taskCategories })
  await page.goto(address)
  const endMs = performance.now() + seconds * 1000
  for (let turn = 0; performance.now() < endMs; turn += 1) {
    await page.mouse.wheel(0, turn % 10 < 7 ? 500 : -700)
    await sleep(250)
  }
  await expectWhole(page)
  const trace = await browser.stopTracing()
  await page.close()
  return (JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] }).traceEvents
}

/** Few rows are quick rows: all have to be there, and to have moved. */
async function expectWhole(page: Page): Promise<void> {
  const script = `[document.querySelectorAll('.node-card').length, document.querySelectorAll('.session-row').length]`
  const [cards, rows] = (await page.evaluate(script)) as [number, number]
  if (cards !== nodes || rows !== sessions)
    throw new Error(`the page shows ${cards} nodes and ${rows} sessions of ${nodes} and ${sessions}`)
}

function report(run: number, busy: number, events: readonly TraceEvent[]): number {
  const { all, working, processor } = taskTimes(events)
  const share = (times: readonly number[]) => times.filter((time) => time < mostMs).length / times.length
  const line = [
    `run ${run}: ${all.length} tasks, ${(share(all) * 100).toFixed(2)} % under ${mostMs} ms`,
    `of the ${working.length} over 1 ms ${(share(working) * 100).toFixed(2)} %`,
    `p95 ${percentile(working, 0.95).toFixed(1)} ms, p99 ${percentile(working, 0.99).toFixed(1)} ms, longest ${Math.max(...all).toFixed(0)} ms`,
    `of a processor p99 ${percentile(processor, 0.99).toFixed(1)} ms, longest ${Math.max(...processor).toFixed(0)} ms`,
    `machine busy before: ${(busy * 100).toFixed(0)} %`,
  ]
  console.log(line.join('; '))
  return share(all)
}
