/**
 * How quickly the dashboard is there when somebody first opens it: a head and two nodes on this machine, headless Chromium
 * with an empty cache, by the head's own TLS. The figures are the browser's own; the bytes are those that went over the
 * wire, and what a gzip of each file weighs.
 *
 *   npm run bench:first-load
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { startChromium } from '../test/browsers/chromium.ts'
import { quietMoment } from './quiet.ts'
import { startRow } from './row.ts'
import { median } from './statistics.ts'

const runs = 5
const mostFirstContentMs = 1_000
const mostScriptKilobytes = 150

interface FirstLoad {
  readonly firstContentMs: number
  readonly largestContentMs: number
  readonly shift: number
  readonly liveMs: number
  readonly longTasksMs: number
  readonly wireKilobytes: number
}

/** Runs in the page before anything of it does. */
const observe = `
  window.load = { largestContentMs: 0, shift: 0, longTasksMs: 0 }
  const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
  watch('largest-contentful-paint', ({ startTime }) => { window.load.largestContentMs = startTime })
  watch('layout-shift', ({ value }) => { window.load.shift += value })
  watch('longtask', ({ duration }) => { window.load.longTasksMs += Math.max(0, duration - 50) })
`

const row = await startRow({ nodes: [{}, {}] })
const browser = await startChromium()
try {
  console.log(
    `first load of the dashboard, ${runs} runs; machine busy: ${Math.round((await quietMoment(20_000)) * 100)} %`,
  )
  const loads: FirstLoad[] = []
  for (let run = 0; run < runs; run += 1) loads.push(await loadOnce(browser))
  const middle = (take: (load: FirstLoad) => number) => median(loads.map(take))
  const firstContentMs = middle((load) => load.firstContentMs)
  console.log(`first content            ${firstContentMs.toFixed(0)} ms (budget ${mostFirstContentMs} ms)`)
  console.log(`largest content          ${middle((load) => load.largestContentMs).toFixed(0)} ms`)
  console.log(
    `first node on the page   ${middle((load) => load.liveMs).toFixed(0)} ms, told by the first event`,
  )
  console.log(`blocked beyond 50 ms     ${middle((load) => load.longTasksMs).toFixed(0)} ms`)
  console.log(`layout shift             ${middle((load) => load.shift).toFixed(3)}`)
  console.log(`over the wire            ${middle((load) => load.wireKilobytes).toFixed(1)} kB`)
  const scripts = await scriptSizes()
  for (const [name, kilobytes] of scripts)
    console.log(`  ${name.padEnd(22)} ${kilobytes.toFixed(1)} kB of JavaScript, gzipped`)
  const own = scripts
    .filter(([name]) => !name.startsWith('hls-player'))
    .reduce((sum, [, size]) => sum + size, 0)
  console.log(`all but the player       ${own.toFixed(1)} kB (budget ${mostScriptKilobytes} kB)`)
  process.exitCode = firstContentMs < mostFirstContentMs && own < mostScriptKilobytes ? 0 : 1
} finally {
  await browser.close()
  await row.stop()
}

async function loadOnce(browser: Browser): Promise<FirstLoad> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 800 },
  })
  const page = await context.newPage()
  await page.addInitScript(observe)
  const { url } = JSON.parse(await row.run('dashboard', '--json')) as { url: string }
  await page.goto(url)
  await page.locator('.node-card').first().waitFor()
  const liveMs = (await page.evaluate('performance.now()')) as number
  const figures = (await page.evaluate(`({
    ...window.load,
    firstContentMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    wireKilobytes: [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
      .reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000,
  })`)) as Omit<FirstLoad, 'liveMs'>
  await context.close()
  return { ...figures, liveMs }
}

/** Kilobytes of 1000 bytes of each script after gzip, by its name without the digest. */
async function scriptSizes(): Promise<[string, number][]> {
  const folder = join(process.cwd(), 'dist', 'web', 'assets')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  return Promise.all(
    names.map(async (name): Promise<[string, number]> => {
      const bytes = gzipSync(await readFile(join(folder, name)), { level: 9 }).length
      return [name.replace(/-[\w-]{8}\.js$/, '.js'), bytes / 1000]
    }),
  )
}
