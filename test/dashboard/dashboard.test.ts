import { spawn } from 'node:child_process'
import { once } from 'node:events'
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

/** Runs a job through the shim that no node can do; its original has nothing to say. */
async function leaveJobToServer({ shim, head }: RunningPaceline, title: string): Promise<void> {
  const args = ['-i', `/films/${title}`, '-codec:0', 'copy', '-f', 'segment', '%05d.ts']
  const env = { PACELINE_HEAD: head, PACELINE_ORIGINAL: '/bin/true' }
  const [exit] = await once(spawn(shim, args, { env, stdio: 'ignore' }), 'close')
  if (exit !== 0) throw new Error(`the shim ended with ${exit}`)
}

// All that it shows is tested in dashboard.long.test.ts.
describe.skipIf(chromiumPath === undefined)(`the dashboard${chromiumNote}`, () => {
  it('opens with the link of paceline dashboard, lives, says why a film is on no node, and bars nobody', async () => {
    const browser = await startChromium()
    try {
      const visitor = await openVisitor(browser)
      await signIn(visitor, paceline)
      const card = visitor.page.locator('.node-card')
      await card.first().waitFor()
      expect(await visitor.page.locator('h1').textContent()).toMatch(/^No one is watching\. 1 node ready\./)
      expect(await findBarriers(visitor.page)).toEqual([])
      await leaveJobToServer(paceline, '<img src=x onerror="window.isHit=1"> of the harvest.mkv')
      const left = visitor.page.locator('.local li')
      await left.waitFor({ timeout: 5_000 })
      expect(await left.textContent()).toMatch(
        /^<img src=x onerror="window\.isHit=1"> of the harvest\.mkv.*no-server nobody to report to/,
      )
      expect(await visitor.page.evaluate('window.isHit')).toBeUndefined()
      expect(await findBarriers(visitor.page)).toEqual([])
      const { stdout } = await paceline.run('status')
      expect(stdout).toMatch(/\nLeft to the media server:\n {2}<img .*: no-server, nobody to report to/)
      expect(visitor.complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
