import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeDetail } from '../../src/head/api/contract/node-detail.ts'
import type { AllSegments, SessionDetail } from '../../src/head/api/contract/session-detail.ts'
import type { Snapshot } from '../../src/head/api/contract/snapshot.ts'
import { chromiumNote, chromiumPath, startChromium } from '../browsers/chromium.ts'
import { type Boards, startBoards } from '../power/sleeping-boards.ts'
import { findBarriers } from './find-barriers.ts'
import { openVisitor, signIn, type Visitor } from './open-dashboard.ts'
import { readStrip } from './read-strip.ts'
import { beginToNote, updateDelays } from './watch-updates.ts'
import { type WatchedFilm, watchFilm } from './watched-film.ts'

const liveMs = 500
// Markup in a title is text, or the page would have run it; and a word may be longer than a phone is wide.
const title = `A day's <img src=x onerror="window.isHit=1"> ${'har'.repeat(40)}vest.mp4`

let boards: Boards
let browser: Browser
let visitor: Visitor
let page: Page
let film: WatchedFilm

beforeAll(async () => {
  if (chromiumPath === undefined) return
  boards = await startBoards({ bootSeconds: 2, power: { startSet: 0 } })
  browser = await startChromium()
  visitor = await openVisitor(browser)
  page = visitor.page
  await signIn(visitor, boards.head)
}, 90_000)

afterAll(async () => {
  await film?.close()
  await browser?.close()
  await boards?.stop()
})

const card = (name: string) => page.locator(`.node-card[data-node="${name}"]`)

async function api<T>(path: string): Promise<T> {
  return (await page.evaluate(`fetch('api/v1/${path}').then((answer) => answer.json())`)) as T
}

/** Of the page of a node: its history has the same words. */
const stateMark = (words: RegExp) => page.locator('.state').getByText(words).first()

async function beginFilm(seconds: number, seek?: number): Promise<void> {
  const { shim, door } = boards.head
  film = await watchFilm({ shim, head: door, title, seconds, ...(seek !== undefined && { seek }) })
}

/** What the head has recorded of the session at the top. */
async function recorded(): Promise<AllSegments['segments']> {
  return (await api<AllSegments>(`sessions/${await shownSession()}/segments`)).segments
}

/**
 * The strip against the record: what was announced half a second before it was read has the colour of its maker. Returns the makers of those segments that could be compared.
 */
async function expectStripAsRecorded(): Promise<readonly string[]> {
  const settled = (await recorded()).filter(([, , , publishedAtMs]) => publishedAtMs !== null)
  await page.waitForTimeout(liveMs)
  const painted = await readStrip(page, '.session-row')
  const makers = new Map((await recorded()).map(([segment, node]) => [segment, node]))
  const last = settled.at(-1)![0]
  const shown = painted.filter(({ segment }) => segment <= last)
  expect(shown).toEqual(shown.map(({ segment }) => ({ segment, node: makers.get(segment) ?? null })))
  return shown.flatMap(({ node }) => node ?? [])
}

/** A node of those that are switched, which makes pictures now. */
async function maker(): Promise<string> {
  const { nodes } = await api<Snapshot>('state')
  const busy = nodes.find(
    ({ leases, isFirstResponder }) => !isFirstResponder && leases.some(({ part }) => part === 'video'),
  )
  return busy!.name
}

async function shownSession(): Promise<string> {
  return (await page.locator('.session-row').first().getAttribute('data-session'))!
}

describe.skipIf(chromiumPath === undefined)(`a session on the dashboard${chromiumNote}`, () => {
  it('nobody watches, and the nodes sleep', async () => {
    await page.getByRole('heading', { name: 'No one is watching. 3 nodes asleep.' }).waitFor()
    await visitor.keepPicture('now-asleep')
    expect(await findBarriers(page)).toEqual([])
  }, 60_000)

  it('a node wakes by a click, and its card counts down', async () => {
    await card('board-1').getByRole('link').click()
    await page.getByRole('button', { name: 'Wake' }).click()
    await page
      .getByText(/^Waking, (\d+ s left|any moment)$/)
      .first()
      .waitFor({ timeout: 5_000 })
    await visitor.keepPicture('node-waking')
    await stateMark(/^(Ready|Busy)$/).waitFor({ timeout: 20_000 })
    expect((await boards.states())[0]).toMatch(/^(ready|busy)$/)
  }, 60_000)

  it('a film shows up while it plays, and segments within half a second of their announcement', async () => {
    // Two that somebody wants awake, so that the pictures change hands.
    await boards.head.run('nodes', 'wake', 'board-2')
    await boards.until(
      'two are awake',
      (now) => now.nodes.filter(({ firstResponder }) => !firstResponder).length > 1,
    )
    await page.getByRole('link', { name: 'Now' }).click()
    await beginToNote(page)
    await beginFilm(240)
    await page.locator('.session-row').waitFor({ timeout: 10_000 })
    expect(await page.locator('.session-row h3').textContent()).toBe(title)
    await film.reaches(20)
    const { segments } = await api<AllSegments>(`sessions/${await shownSession()}/segments`)
    const delays = await updateDelays(page, segments)
    const shown = delays.map(({ delayMs, stillMs }) => `${delayMs} (${stillMs})`).join(' ')
    console.log(`on the page so many ms after the announcement (the frame before was so long ago): ${shown}`)
    expect(delays.length).toBeGreaterThan(10)
    // Every one of them. The encoders have the same cores as the browser: a frame that it could not draw is not counted.
    expect(delays.filter(({ delayMs, stillMs }) => delayMs - stillMs > liveMs)).toEqual([])
    await visitor.keepPicture('now-playing')
    expect(await findBarriers(page)).toEqual([])
  }, 120_000)

  it('the strip has the colours of those who made the segments, as the head has recorded it', async () => {
    // The pictures change hands, whatever the head would have decided.
    const name = await maker()
    await boards.head.run('nodes', 'drain', name)
    await film.reaches(film.announced().length + 4)
    await boards.head.run('nodes', 'resume', name)
    const makers = await expectStripAsRecorded()
    expect(makers.length).toBeGreaterThan(15)
    expect(new Set(makers).size).toBeGreaterThan(1)
  }, 60_000)

  it('a node dies: what it had is leased again, and the strip says who made it', async () => {
    const name = await maker()
    const id = await shownSession()
    await boards.dies(name)
    await film.reaches(film.announced().length + 6)
    await expectStripAsRecorded()
    const { moments, errors } = await api<SessionDetail>(`sessions/${id}`)
    expect(moments.some(({ kind, node }) => kind === 'lost' && node === name)).toBe(true)
    expect(errors.map(({ code }) => code)).toContain('E_NODE_LOST')
    const { history } = await api<NodeDetail>(`nodes/${name}`)
    expect(history.map(({ what }) => what)).toContain(`video of ${name} is lost`)
    await visitor.keepPicture('now-node-lost')
    await boards.switchByHand(name, 'on')
  }, 60_000)

  it('its page has the plan, both command lines, why, the timeline, the log, and nothing that bars anybody', async () => {
    // What stands at the right of a row is there however long its title is.
    const speed = await page.locator('.session-row .speed').boundingBox()
    expect(speed!.x + speed!.width).toBeLessThan(page.viewportSize()!.width)
    await page.locator('.session-row h3 a').click()
    await page.getByRole('heading', { name: title }).waitFor()
    for (const name of ['Plan', 'Command lines', 'Timeline', 'Segments', 'Preview', 'Log'])
      await page.getByRole('heading', { name, exact: true }).waitFor()
    const detail = await api<SessionDetail>(`sessions/${page.url().split('/').at(-1)}`)
    expect(await page.locator('.plan-words li').allTextContents()).toEqual(detail.plan)
    await page.getByText('As the media server wrote it').click()
    expect(await page.locator('.ran pre').first().textContent()).toContain('-progressurl')
    await page.locator('.ran summary').nth(1).click()
    expect(await page.locator('.ran details').nth(1).textContent()).toMatch(/Why .+: .+ffmpeg /s)
    await visitor.keepPicture('session')
    expect(await findBarriers(page)).toEqual([])
    const size = page.viewportSize()!
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await findBarriers(page)).toEqual([])
    expect(await page.evaluate('document.scrollingElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    await visitor.keepPicture('phone-dark-session')
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: 'light' })
  }, 60_000)

  it('what is made plays on the page', async () => {
    const loaded = () =>
      page.evaluate(`performance.getEntriesByType('resource').some(({ name }) => /hls-player/.test(name))`)
    expect(await loaded()).toBe(false)
    await page.getByRole('button', { name: 'Play what is made' }).click()
    const place = () => page.evaluate(`document.querySelector('video').currentTime`) as Promise<number>
    await expect.poll(place, { timeout: 40_000 }).toBeGreaterThan(0)
    const before = await place()
    await expect.poll(place, { timeout: 15_000 }).toBeGreaterThan(before + 1)
    expect(await loaded()).toBe(true)
    await visitor.keepPicture('session-preview')
    expect(await findBarriers(page)).toEqual([])
  }, 90_000)

  it('a node that works is drained by a click, hands over, and works again', async () => {
    const { nodes } = await api<Snapshot>('state')
    const { name } = nodes.find(({ state, isFirstResponder }) => state === 'busy' && !isFirstResponder)!
    await page.goto(page.url().replace(/#.*/, `#/node/${name}`))
    await page.getByRole('button', { name: 'Drain', exact: true }).click()
    await stateMark(/^(Draining|Drained)$/).waitFor({ timeout: 10_000 })
    await visitor.keepPicture('node-drained')
    expect(await findBarriers(page)).toEqual([])
    const { stdout } = await boards.head.run('nodes', 'list', '--json')
    expect(stdout).toMatch(new RegExp(`"name":"${name}","state":"(draining|drained)"`))
    await page.getByRole('button', { name: 'Resume' }).click()
    await stateMark(/^(Ready|Busy)$/).waitFor({ timeout: 10_000 })
  }, 60_000)

  it('when it has ended, its page equals what was announced, in order and by maker', async () => {
    await page.getByRole('link', { name: 'Now' }).click()
    const id = await shownSession()
    expect(await film.ended()).toBe(0)
    await page.getByRole('heading', { name: /^No one is watching/ }).waitFor({ timeout: 5_000 })
    await page.goto(page.url().replace(/#.*/, `#/session/${id}`))
    await page.locator('.segments tbody tr').first().waitFor()
    const { segments } = await api<AllSegments>(`sessions/${id}/segments`)
    expect(segments.map(([index]) => index)).toEqual(film.announced())
    const script = `[...document.querySelectorAll('.segments tbody tr')].map(({ dataset }) => ({ ...dataset }))`
    const rows = (await page.evaluate(script)) as { from: string; to: string; node: string }[]
    const spread = rows.flatMap(({ from, to, node }) =>
      Array.from({ length: Number(to) - Number(from) + 1 }, (_, place) => [Number(from) + place, node]),
    )
    expect(spread).toEqual(segments.map(([index, node]) => [index, node]))
    await visitor.keepPicture('session-ended')
  }, 180_000)

  it('after a seek the strip begins where the viewer is', async () => {
    await film.close()
    await page.getByRole('link', { name: 'Now' }).click()
    await beginFilm(240, 60)
    await page.locator('.session-row').waitFor({ timeout: 10_000 })
    await film.reaches(8)
    await expectStripAsRecorded()
    const painted = await readStrip(page, '.session-row')
    expect([painted[0]?.segment, film.announced()[0]]).toEqual([30, 30])
    const id = await shownSession()
    // The viewer seeks again, or has enough: the server kills its transcoder.
    await film.close()
    await page.getByRole('heading', { name: /^No one is watching/ }).waitFor({ timeout: 10_000 })
    const { session } = await api<SessionDetail>(`sessions/${id}`)
    expect(session.state).toBe('killed')
    expect(session.segments.flatMap(([index, , , at]) => (at === null ? [] : index))).toEqual(
      film.announced(),
    )
  }, 60_000)

  it('the ledger has what it took', async () => {
    await page.getByRole('link', { name: 'Energy' }).click()
    await page.getByRole('heading', { name: 'Against the baselines' }).waitFor({ timeout: 10_000 })
    expect(await page.locator('.baselines tbody tr').count()).toBe(4)
    await page.getByText('Today').click()
    await page.locator('.plot canvas').waitFor()
    await visitor.keepPicture('energy')
    expect(await findBarriers(page)).toEqual([])
  }, 60_000)

  it('nothing in all of that was a fault of the page, or against its policy', async () => {
    expect(visitor.complaints).toEqual([])
    expect(await page.evaluate('window.isHit')).toBeUndefined()
  })
})
