import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumNote, chromiumPath, startChromium } from '../browsers/chromium.ts'
import { openTcpLink, type TcpLink } from '../chaos/tcp-link.ts'
import { type LoneHead, startLoneHead } from '../head/head-and-nodes.ts'
import { findBarriers } from './find-barriers.ts'
import { joinByCommand, setPassword } from './join-by-command.ts'
import { dashboardLink, openVisitor, signIn, type Visitor } from './open-dashboard.ts'

const phone = { width: 390, height: 844 }

let head: LoneHead
let browser: Browser
let folder: string
const visitors: Visitor[] = []

beforeAll(async () => {
  if (chromiumPath === undefined) return
  folder = await mkdtemp(join(tmpdir(), 'paceline-dashboard-'))
  head = await startLoneHead('--host', '0.0.0.0', '--first-responder', 'off')
  await head.node('oak')
  browser = await startChromium()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await head?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function visit(
  ...options: Parameters<typeof openVisitor> extends [unknown, ...infer Rest] ? Rest : never
) {
  const visitor = await openVisitor(browser, ...options)
  visitors.push(visitor)
  return visitor
}

/** The page as wide as the screen: nothing has to be scrolled sideways. */
async function expectNoOverflow(page: Page): Promise<void> {
  expect(await page.evaluate('document.scrollingElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
}

describe.skipIf(chromiumPath === undefined)(`the dashboard for people${chromiumNote}`, () => {
  it('shows a stranger the way in, and nothing else', async () => {
    const { page, keepPicture } = await visit()
    await page.goto((await dashboardLink(head)).replace(/#.*/, ''))
    await page.getByRole('heading', { name: 'Sign in to Paceline' }).waitFor()
    await page.getByText('paceline dashboard').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await keepPicture('login-without-password')
    expect(await page.evaluate(`fetch('api/v1/state').then(({ status }) => status)`)).toBe(401)
  })

  it('lets in who has the link, once', async () => {
    const link = await dashboardLink(head)
    const first = await visit()
    await first.page.goto(link)
    await first.page.locator('.node-card[data-node="oak"]').waitFor()
    expect(first.page.url()).not.toContain('sign-in')
    const second = await visit()
    await second.page.goto(link)
    await second.page.getByRole('alert').waitFor()
    expect(await second.page.getByRole('alert').textContent()).toContain('E_LOGIN')
  })

  it('lets in who knows the password, not who guesses, and out again', async () => {
    const { page, keepPicture } = await visit()
    const password = 'a long enough word of mine'
    await setPassword(head.dataFolder, password)
    await page.goto((await dashboardLink(head)).replace(/#.*/, ''))
    await page.getByLabel('Password').fill('something else')
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('E_LOGIN')
    expect(await findBarriers(page)).toEqual([])
    await keepPicture('login')
    await page.getByLabel('Password').fill(password)
    await page.keyboard.press('Enter')
    await page.locator('.node-card[data-node="oak"]').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Paceline' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in to Paceline' }).waitFor()
  })

  it('gives who may only look no orders to give, and the head takes none', async () => {
    const visitor = await visit()
    await signIn(visitor, head, 'viewer')
    const { page } = visitor
    await page.locator('.node-card[data-node="oak"] a').click()
    await page.getByText('Who may only look cannot give orders.').waitFor()
    expect(await page.getByRole('button', { name: 'Drain' }).count()).toBe(0)
    const script = `fetch('api/v1/nodes/oak/drain', { method: 'POST' }).then(({ status }) => status)`
    expect(await page.evaluate(script)).toBe(403)
  })

  it('is used with the keyboard alone, and the focus goes where the page does', async () => {
    const visitor = await visit()
    await signIn(visitor, head)
    const { page } = visitor
    await page.reload()
    await page.locator('.node-card a').waitFor()
    const focused = () => page.evaluate('document.activeElement.textContent.trim()')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1')
    await page.keyboard.press('Shift+Tab')
    await page.locator('.node-card a').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'oak' }).waitFor()
    expect(await focused()).toBe('oak')
    await page.getByRole('button', { name: 'Drain' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('E_LAST_NODE')
  })

  it('shows the command for a new node, copies it, and the node that it brings', async () => {
    const visitor = await visit()
    await signIn(visitor, head)
    const { page } = visitor
    await page.getByRole('link', { name: 'Join' }).click()
    await page.getByRole('button', { name: 'Make the command' }).click()
    const command = page.getByLabel('Command with which it joins')
    await command.waitFor()
    await page.getByRole('button', { name: 'Copy' }).last().click()
    await page.getByText('Copied').waitFor()
    const copied = (await page.evaluate('navigator.clipboard.readText()')) as string
    expect(copied).toBe(await command.textContent())
    expect(await findBarriers(page)).toEqual([])
    const node = joinByCommand(copied, join(folder, 'elm'), 'elm')
    try {
      await page.locator('.joined').getByText('elm').waitFor({ timeout: 20_000 })
      await visitor.keepPicture('join')
    } finally {
      await node.stop()
    }
  }, 60_000)

  it('says so when the connection drops, and comes back by itself with what happened meanwhile', async () => {
    const visitor = await visit()
    const { page } = visitor
    // One that leaves the network's own address free.
    const far = await startLoneHead('--first-responder', 'off')
    const link = new URL(await dashboardLink(far))
    const network = await openTcpLink({ address: '127.0.0.77', head: '127.0.0.1', port: Number(link.port) })
    try {
      await page.goto(link.href.replace(link.hostname, network.address))
      await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' })
      await page.evaluate('window.isSamePage = true')
      await loseNetwork(network)
      await page.getByText('The connection to the head is lost.').waitFor({ timeout: 5_000 })
      await visitor.keepPicture('connection-lost')
      expect(await findBarriers(page)).toEqual([])
      await far.node('ash')
      network.set({ isCut: false, delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY })
      network.tear()
      await page.getByText('Live', { exact: true }).waitFor({ state: 'attached', timeout: 10_000 })
      await page.locator('.node-card[data-node="ash"]').waitFor({ timeout: 10_000 })
      expect(await page.getByText('The connection to the head is lost.').count()).toBe(0)
      expect(await page.evaluate('window.isSamePage')).toBe(true)
    } finally {
      await network.close()
      await far.stop()
    }
  }, 60_000)

  it('shows a fault of an address as such', async () => {
    const visitor = await visit()
    await signIn(visitor, head)
    const { page } = visitor
    await page.goto(page.url().replace(/#.*/, '#/nowhere'))
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await page.goto(page.url().replace(/#.*/, '#/node/nobody'))
    expect(await page.getByRole('alert').textContent()).toContain('E_NODE_NAME')
    await page.goto(page.url().replace(/#.*/, '#/session/none'))
    expect(await page.getByRole('alert').textContent()).toContain('E_SESSION_NAME')
  })

  it.each(['light', 'dark'] as const)(
    'fits a phone, %s, on every page',
    async (colours) => {
      const visitor = await visit({ size: phone, colours })
      await signIn(visitor, head)
      const { page } = visitor
      for (const [name, address, heading] of [
        ['now', '#/', /^No one is watching/],
        ['node', '#/node/oak', 'oak'],
        ['energy', '#/energy', 'Energy'],
        ['join', '#/join', 'Add a node'],
      ] as const) {
        await page.goto(page.url().replace(/#.*/, address))
        await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
        await page.waitForTimeout(500)
        await expectNoOverflow(page)
        expect([name, await findBarriers(page)]).toEqual([name, []])
        await visitor.keepPicture(`phone-${colours}-${name}`)
      }
    },
    60_000,
  )

  it.each(['admin', 'viewer'] as const)('has its whole bar on the smallest phone, for %s', async (role) => {
    const visitor = await visit({ size: { width: 320, height: 568 }, isPhone: true })
    await signIn(visitor, head, role)
    for (const button of await visitor.page.locator('.bar a, .bar button').all()) {
      const { x, width } = (await button.boundingBox())!
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + width).toBeLessThanOrEqual(320)
    }
  })

  it('nothing in all of that was a fault of a page, or against its policy', () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})

/** Nothing comes through, and what was open is torn. */
async function loseNetwork(network: TcpLink): Promise<void> {
  network.set({ isCut: true, delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY })
  network.tear()
}
