import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumNote, chromiumPath, startChromium } from '../browsers/chromium.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { findBarriers } from './find-barriers.ts'
import { openVisitor, signIn } from './open-dashboard.ts'

let paceline: RunningPaceline
beforeAll(async () => {
  if (chromiumPath !== undefined) paceline = await startPaceline({ nodes: 1 })
})
afterAll(() => paceline?.stop())

// All that it shows is tested in dashboard.long.test.ts.
describe.skipIf(chromiumPath === undefined)(`the dashboard${chromiumNote}`, () => {
  it('opens with the link of paceline dashboard, lives, and bars nobody', async () => {
    const browser = await startChromium()
    try {
      const visitor = await openVisitor(browser)
      await signIn(visitor, paceline)
      const card = visitor.page.locator('.node-card')
      await card.first().waitFor()
      expect(await visitor.page.locator('h1').textContent()).toMatch(/^No one is watching\. 1 node ready\./)
      expect(await findBarriers(visitor.page)).toEqual([])
      expect(visitor.complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
