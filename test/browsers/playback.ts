import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Browser, Page } from 'playwright-core'

export type PlayerName = 'hls.js' | 'Shaka Player'

/** A frame that the browser has shown. */
export interface ShownFrame {
  /** The page's clock. */
  readonly atMilliseconds: number
  /** The player's timeline. */
  readonly mediaSeconds: number
  /** Luma of the cells along its top; see test/clips/strip.ts. */
  readonly strip: readonly number[]
  /** When they were read: of the frame that was shown by then, which may be a later one. */
  readonly readAtMilliseconds: number
}

/** What was seen from the start or a seek on. */
export interface Stretch {
  readonly fromSeconds: number
  /** The first is the still picture of the seek; from the second on, it plays. */
  readonly frames: readonly ShownFrame[]
  readonly endedAtMilliseconds: number
  /** What the player and the video element complained of so far. */
  readonly errors: readonly string[]
}

export interface PlaybackOrder {
  readonly browser: Browser
  readonly pageUrl: string
  readonly player: PlayerName
  readonly filmUrl: string
  readonly seeks: readonly number[]
  readonly secondsEach: number
  readonly screenshot: string
  /** The player loads until it has so many seconds in hand, 8 unless told. */
  readonly bufferedSeconds?: number
  /** Runs beside the first stretch; the playing ends when it has, too. */
  readonly meanwhile?: (page: Page) => Promise<void>
}

/** What the page's `state` answers. */
export interface PlayerState {
  /** Where the player is in the film. */
  readonly mediaSeconds: number
  /** What it has in hand from there on. */
  readonly bufferedSeconds: number
  /** Where hls.js itself has complained of a stall so far. */
  readonly stalledAtSeconds: readonly number[]
}

export interface Playback {
  readonly stretches: readonly Stretch[]
  /** Of the player, the video element and the browser's decoders: none when all is well. */
  readonly errors: readonly string[]
}

/** Plays a film from the start and from each seek on, and keeps a screenshot of the last. */
export async function playFilm(order: PlaybackOrder): Promise<Playback> {
  const context = await order.browser.newContext({ viewport: { width: 426, height: 240 } })
  try {
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => void errors.push(`page: ${error.message}`))
    // The decoders' own complaints: a player may hide those that it can live with.
    const devTools = await context.newCDPSession(page)
    devTools.on('Media.playerErrorsRaised', ({ errors: raised }) =>
      errors.push(...raised.map((error) => `decoder: ${JSON.stringify(error)}`)),
    )
    devTools.on('Media.playerMessagesLogged', ({ messages }) =>
      errors.push(
        ...messages.filter(({ level }) => level === 'error').map(({ message }) => `decoder: ${message}`),
      ),
    )
    await devTools.send('Media.enable')
    await page.goto(order.pageUrl)
    const words = [order.player, order.filmUrl, order.bufferedSeconds ?? 8].map((word) =>
      JSON.stringify(word),
    )
    await page.evaluate(`page.open(${words.join(', ')})`)
    const stretches: Stretch[] = []
    for (const from of [null, ...order.seeks]) {
      const script = `page.playFrom(${from}, ${order.secondsEach * 1000})`
      const beside = from === null ? order.meanwhile?.(page) : undefined
      const [stretch] = await Promise.all([page.evaluate(script) as Promise<Stretch>, beside])
      stretches.push(stretch)
      if (stretch.errors.length > 0) break
    }
    await mkdir(dirname(order.screenshot), { recursive: true })
    await page.screenshot({ path: order.screenshot })
    return { stretches, errors: [...errors, ...(stretches.at(-1)?.errors ?? [])] }
  } finally {
    await context.close()
  }
}
