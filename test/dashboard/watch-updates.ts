import type { Page } from 'playwright-core'
import type { SegmentView } from '../../src/head/api/contract/session-view.ts'

/**
 * Runs in the page: notes in each of its frames which segment is the last that the first strip shows, when, and how long
 * ago the frame before was.
 */
const noteSegments = `() => {
  window.seenSegments = []
  let lastMs = Date.now()
  const look = () => {
    const nowMs = Date.now()
    const label = document.querySelector('.session-row canvas')?.ariaLabel ?? ''
    const last = Number(/^Segments \\d+ to (\\d+)/.exec(label)?.[1] ?? -1)
    for (let next = (window.seenSegments.at(-1)?.[0] ?? -1) + 1; next <= last; next += 1)
      window.seenSegments.push([next, nowMs, nowMs - lastMs])
    lastMs = nowMs
    requestAnimationFrame(look)
  }
  look()
}`

/** Begins to note when segments show up on the page. */
export async function beginToNote(page: Page): Promise<void> {
  await page.evaluate(`(${noteSegments})()`)
}

/** How long the way to the page took. */
export interface UpdateDelay {
  /** Milliseconds from the announcement of a segment to its showing up; less than nothing where it was made before. */
  readonly delayMs: number
  /** Of them, those in which the browser drew no frame at all: they say nothing of the way, but of a busy machine. */
  readonly stillMs: number
}

/** For each segment that has shown up. */
export async function updateDelays(page: Page, segments: readonly SegmentView[]): Promise<UpdateDelay[]> {
  const noted = (await page.evaluate('window.seenSegments')) as [number, number, number][]
  const seen = new Map(noted.map(([segment, atMs, stillMs]) => [segment, { atMs, stillMs }]))
  return segments.flatMap(([segment, , , publishedAtMs]) => {
    const shown = seen.get(segment)
    if (shown === undefined || publishedAtMs === null) return []
    return [{ delayMs: shown.atMs - publishedAtMs, stillMs: shown.stillMs }]
  })
}
