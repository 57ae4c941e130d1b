import { afterEach, expect, it } from 'vitest'
import { startPaceline } from '../fixture/paceline.ts'
import { startNodeByHand } from './hand-started-node.ts'
import { startViewer } from './viewer.ts'

/** Reads media at so many times its own speed, so that it does not depend on the machine who is fast. */
const encode = 'exec ffmpeg -readrate 3 "$@"'
/** What holds ffmpeg up must not hold its pipes. */
const aside = '< /dev/null > /dev/null 2>&1 3>&- 4>&-'
/** It runs for a fifth of the time. */
const slow = `(while kill -0 $$; do kill -STOP $$; sleep 0.8; kill -CONT $$; sleep 0.2; done) ${aside} &\n${encode}`
/** The first ffmpeg that is to make something crawls, so that its node does not take it for dead, for long. */
const crawling = `case "$*" in *-progress*)
  if mkdir "$STATE/crawled"; then
    (for round in 1 2 3 4 5 6 7 8 9 10; do kill -STOP $$; sleep 1.9; kill -CONT $$; sleep 0.05; done) ${aside} &
  fi
esac
${encode}`

const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

it('a node that all but stands still and one that is slow hold nothing up: another makes what would come too late', async () => {
  const paceline = await startPaceline({ nodes: 0 })
  closers.push(() => paceline.stop())
  const scripts = { healthy: encode, slow, crawling }
  await Promise.all(
    Object.entries(scripts).map(async ([name, script]) => {
      const node = await startNodeByHand(paceline, name, script)
      closers.push(() => node.close())
    }),
  )
  const viewer = await startViewer(paceline, { seconds: 24, size: '320x180' })
  closers.push(() => viewer.close())
  await viewer.expectWholeFilm()
  const { recent } = JSON.parse((await paceline.run('status', '--json')).stdout)
  expect(recent[0].hedges).toBeGreaterThan(0)
  expect(recent[0].segments.healthy).toBeGreaterThan(0)
})
