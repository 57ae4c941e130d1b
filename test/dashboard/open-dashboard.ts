import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type CommandResult, projectFolder } from '../fixture/paceline.ts'

/** The head of a dashboard: whoever can be given commands. */
export interface DashboardHead {
  run(...args: string[]): Promise<CommandResult>
}

export interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
  /** What the page has complained of: faults of scripts, and what its policy forbade. */
  readonly complaints: readonly string[]
  /** Keeps a picture of what is seen below .cache/dashboard. */
  keepPicture(name: string): Promise<void>
}

export interface VisitorOptions {
  readonly size?: { readonly width: number; readonly height: number }
  readonly colours?: 'light' | 'dark'
  /** With a finger, and scroll bars that take no room. */
  readonly isPhone?: boolean
}

/** Pictures of every run, for whoever wants to see what was tested. */
export const pictures = join(projectFolder, '.cache', 'dashboard')

/** The link that signs in, once. Throws with what the command said when there is none. */
export async function dashboardLink(
  head: DashboardHead,
  role: 'admin' | 'viewer' = 'admin',
): Promise<string> {
  const { exit, stdout, stderr } = await head.run('dashboard', '--json', '--role', role)
  if (exit !== 0) throw new Error(`paceline dashboard ended with ${exit}: ${stderr}`)
  return (JSON.parse(stdout) as { url: string }).url
}

/** A browser of its own, with nothing kept of others; the head's certificate is its own, as browsers are told once. */
export async function openVisitor(browser: Browser, options: VisitorOptions = {}): Promise<Visitor> {
  const { size = { width: 1400, height: 900 }, colours = 'light', isPhone = false } = options
  const context = await browser.newContext({
    ...{ ignoreHTTPSErrors: true, viewport: size, colorScheme: colours, reducedMotion: 'reduce' },
    ...{ isMobile: isPhone, hasTouch: isPhone },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => void complaints.push(message))
  page.on('console', (message) => {
    // An answer that is no success is logged as well; those are the tests' own business.
    const isAnswer = /Failed to load resource|net::ERR_/.test(message.text())
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text())
  })
  return {
    ...{ context, page, complaints },
    async keepPicture(name) {
      await mkdir(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, `${name}.png`) })
    },
  }
}

/** Opens the first page signed in, and waits until it lives. */
export async function signIn(visitor: Visitor, head: DashboardHead, role: 'admin' | 'viewer' = 'admin') {
  await visitor.page.goto(await dashboardLink(head, role))
  await visitor.page.getByText('Live', { exact: true }).waitFor({ state: 'attached' })
}
