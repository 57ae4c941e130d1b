import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EnergyHistory } from '../../src/head/api/contract/energy.ts'
import { chromiumNote, chromiumPath, startChromium } from '../browsers/chromium.ts'
import { projectFolder } from '../fixture/paceline.ts'
import { type Boards, startBoards } from '../power/sleeping-boards.ts'
import { dashboardLink, openVisitor, pictures, signIn, type VisitorOptions } from './open-dashboard.ts'
import { type WatchedFilm, watchFilm } from './watched-film.ts'

/** `npm run pictures` puts them where the documents are; tests keep them to themselves. */
const isForDocuments = process.env.PACELINE_PICTURES !== undefined
const folder = resolve(projectFolder, process.env.PACELINE_PICTURES ?? join(pictures, 'documents'))

let boards: Boards
let browser: Browser
let film: WatchedFilm

beforeAll(async () => {
  if (chromiumPath === undefined) return
  await mkdir(folder, { recursive: true })
  const config = { energy: { pricePerKwh: 0.35, currency: 'EUR' } }
  boards = await startBoards({ count: 4, bootSeconds: 2, power: { startSet: 0 }, config })
  browser = await startChromium()
}, 90_000)

afterAll(async () => {
  await film?.close()
  await browser?.close()
  await boards?.stop()
})

/** The node that works hands over, and is there again. */
async function drainTheBusy(): Promise<void> {
  const { power } = await boards.until('a board works', (now) =>
    now.power.nodes.some(({ state }) => state === 'busy'),
  )
  const { name } = power.nodes.find(({ state }) => state === 'busy')!
  await boards.head.run('nodes', 'drain', name)
  await boards.head.run('nodes', 'resume', name)
}

async function take(name: string, address: string, options: VisitorOptions, before?: string): Promise<void> {
  const { context, page } = await openVisitor(browser, options)
  await signIn({ context, page, complaints: [], keepPicture: async () => {} }, boards.head)
  await page.goto(page.url().replace(/#.*/, address))
  await page
    .locator(before ?? 'h1')
    .first()
    .waitFor()
  // Strips and cards are drawn, and a few events have come.
  await page.waitForTimeout(1_500)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await context.close()
}

/** What is said of the month is a minute old at most, and nothing in the first one. */
async function untilMonthIsKnown(): Promise<void> {
  const { context, page } = await openVisitor(browser)
  await page.goto(await dashboardLink(boards.head))
  await page.locator('.node-card').first().waitFor()
  await page.getByText('nothing written down yet').waitFor({ state: 'detached', timeout: 90_000 })
  await context.close()
}

/** So many minutes with something in them, so that the plot is one. */
async function untilLedgerHas(minutes: number): Promise<void> {
  const { context, page } = await openVisitor(browser)
  await page.goto(await dashboardLink(boards.head))
  await page.locator('.node-card').first().waitFor()
  const script = `fetch('api/v1/energy/history?step=minute&last=60').then((answer) => answer.json())`
  const known = async () => {
    const { points } = (await page.evaluate(script)) as EnergyHistory
    return new Set(points.map(({ startMs }) => startMs)).size
  }
  await expect.poll(known, { timeout: minutes * 70_000, interval: 2_000 }).toBeGreaterThanOrEqual(minutes)
  await context.close()
}

describe.skipIf(chromiumPath === undefined)(
  `pictures of the dashboard for the documents${chromiumNote}`,
  () => {
    it('are taken from a real run', async () => {
      for (const name of ['board-1', 'board-2']) await boards.head.run('nodes', 'wake', name)
      await boards.until('two are awake, and the others asleep', ({ power }) => {
        const count = (wanted: string) => power.nodes.filter(({ state }) => state === wanted).length
        return count('ready') === 2 && count('off') === 2
      })
      await untilMonthIsKnown()
      const { shim, door } = boards.head
      film = await watchFilm({
        shim,
        head: door,
        title: 'Harvest (2019).mp4',
        seconds: 120,
      })
      // Two hand over to the next, so that there is something to see.
      for (const count of [5, 11]) {
        await film.reaches(count)
        await drainTheBusy()
      }
      await film.reaches(18)
      const large = { width: 1280, height: 720 }
      await take('dashboard-now', '#/', { size: large }, '.session-row canvas')
      film.pause(true)
      await take('dashboard-now-dark', '#/', { size: large, colours: 'dark' }, '.session-row canvas')
      const phone = { width: 390, height: 844 }
      const held = { size: phone, colours: 'dark', isPhone: true } as const
      await take('dashboard-phone', '#/', held, '.session-row canvas')
      const { sessions } = (await boards.status()) as unknown as { sessions: { id: string }[] }
      await take('dashboard-session', `#/session/${sessions[0]!.id}`, { size: large }, '.plan-words')
      await take('dashboard-node', '#/node/board-1', { size: large }, 'table')
      film.pause(false)
      await untilLedgerHas(isForDocuments ? 5 : 1)
      await take('dashboard-energy', '#/energy', { size: { width: 1280, height: 900 } }, '.plot canvas')
      expect(sessions).toHaveLength(1)
    }, 600_000)
  },
)
