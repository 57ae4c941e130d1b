import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BoardStatus, type Boards, startBoards } from './sleeping-boards.ts'
import { beginToWatch, type Viewer } from './sleeping-viewer.ts'

let boards: Boards

beforeAll(async () => {
  // Longer than a viewer waits: a board that boots is a process that takes a core from the one who makes the first segment.
  boards = await startBoards({ bootSeconds: 3, wakeWatts: 2 })
}, 60_000)

afterAll(() => boards?.stop())

const areAsleep = ({ power }: BoardStatus): boolean => power.nodes.every(({ state }) => state === 'off')
const isAnyAwake = ({ power }: BoardStatus): boolean =>
  power.nodes.some(({ state }) => state === 'ready' || state === 'busy')

/** Two cores carry the head, the boards, the encoders and this test, */
const noiseMs = 500
/** and may be slow at one moment: of so many tries one is enough. */
const mostTries = 3

/** Somebody begins with a board awake and leaves; somebody begins with all asleep, stays, and the server has enough. */
async function beginBothWays(): Promise<{ readonly awakeMs: number; readonly viewer: Viewer }> {
  await boards.until('a board is awake', isAnyAwake)
  const awake = await beginToWatch(boards, 8)
  await awake.leave()
  await boards.until('all sleep', areAsleep)
  // So much film that the first responder has not made all of it before it hears that the server has enough.
  return { awakeMs: awake.startMs, viewer: await beginToWatch(boards, 60, true) }
}

it('a viewer waits no longer when all boards sleep, and one of them wakes and goes on', async () => {
  const mostMs = (awakeMs: number) => 1.2 * awakeMs + noiseMs
  let { awakeMs, viewer } = await beginBothWays()
  for (let tries = 1; tries < mostTries && viewer.startMs >= mostMs(awakeMs); tries += 1) {
    await viewer.leave()
    ;({ awakeMs, viewer } = await beginBothWays())
  }
  expect(viewer.startMs).toBeLessThan(mostMs(awakeMs))
  await boards.until('a board is awake', isAnyAwake)
  viewer.hold(false)
  await viewer.expectWhole()

  const { recent } = await boards.status()
  const [first, second] = Object.keys(recent.at(-1)!.segments)
  expect([first, second]).toEqual(['first-responder', expect.stringMatching(/^board-/)])
}, 120_000)

it('a viewer who comes while boards go to sleep loses nothing, nor does one when no board wakes', async () => {
  // Where frames take long to look at, those of the film before have gone already.
  if (areAsleep(await boards.status())) {
    await boards.head.run('nodes', 'wake', boards.names[0]!, '--minutes', '0')
    await boards.until('a board is awake', isAnyAwake)
  }
  for (const name of boards.names) await boards.spoil(name, 'refuses')
  await boards.until('a board goes', ({ power }) =>
    power.nodes.some(({ state }) => state === 'going-to-sleep'),
  )
  const viewer = await beginToWatch(boards, 8)
  await viewer.expectWhole()
  const { power } = await boards.until('it is told', (now) => now.power.nodes.some(({ trouble }) => trouble))

  const failed = power.nodes.find(({ trouble }) => trouble !== null)
  expect(failed).toMatchObject({
    state: 'failed',
    trouble: expect.stringMatching(/^E_NODE_WAKE: E_POWER_REFUSED/),
    command: { failed: expect.stringContaining('E_POWER_REFUSED') },
  })
  expect((await boards.head.run('nodes', 'list')).stdout).toMatch(/failed, tried again in/)
}, 60_000)

it('there is never more than one power command of a board under way', async () => {
  for (const name of boards.names) {
    const { atOnce, count } = await boards.commands(name)
    expect([name, atOnce, count > 0]).toEqual([name, 1, true])
  }
})
