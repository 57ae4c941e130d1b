import { type Browser, chromium } from 'playwright-core'
import { findTool } from '../../scripts/setup/tool-environment.js'

/** Debian's Chromium, or undefined where it is not installed. */
export const chromiumPath: string | undefined = findTool('chromium')

/** For the title of a test that is skipped without it. */
export const chromiumNote =
  chromiumPath === undefined ? ' (skipped: no chromium, apt-get install chromium)' : ''

/** Starts it without a screen; films begin without anybody's click, and make no sound. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    // Root, as in a container of CI, gets no sandbox of Chromium; /dev/shm is small there.
    args: [
      ...['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--mute-audio'],
      ...['--autoplay-policy=no-user-gesture-required', '--disable-background-timer-throttling'],
    ],
  })
}
