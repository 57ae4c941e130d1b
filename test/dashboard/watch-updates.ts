import type { Page } from 'playwright-core'
import type { SegmentView } from '../../src/head/api/contract/session-view.ts'

/** Runs in the page: notes in each of its frames which segment is the last that the first strip shows. */
const noteSegments = `() => {
  window.seenSegments = []
  const look = () => {
    const label = document.querySelector('.session-row canvas')?.ariaLabel ?? ''
    const last = Number(/^Segments \\d+ to (\\d+)/.exec(label)?.[1] ?? -1)
    for (let next = (window.seenSegments.at(-1)?.[0] ?? -1) + 1; next <= last; next += 1)
      window.seenSegments.push([next, Date.now()])
    requestAnimationFrame(look)
  }
  look()
}`

/** Begins to note when segments show up on the page. */
export async function beginToNote(page: Page): Promise<void> {
  await page.evaluate(`(${noteSegments})()`)
}

/** Milliseconds from the announcement of each segment to its showing up; less than nothing where it was made before. */
export async function updateDelays(page: Page, segments: readonly SegmentView[]): Promise<number[]> {
  const seen = new Map((await page.evaluate('window.seenSegments')) as [number, number][])
  return segments.flatMap(([segment, , , publishedAtMs]) => {
    const atMs = seen.get(segment)
    return atMs === undefined || publishedAtMs === null ? [] : [atMs - publishedAtMs]
  })
}
