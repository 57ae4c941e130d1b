import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Boards, startBoards } from './sleeping-boards.ts'
import { beginToWatch } from './sleeping-viewer.ts'

let boards: Boards

beforeAll(async () => {
  boards = await startBoards({ bootSeconds: 2 })
}, 60_000)

afterAll(() => boards?.stop())

const areAsleep = ({ power }: Awaited<ReturnType<Boards['status']>>): boolean =>
  power.nodes.every(({ state }) => state === 'off')

it('starts as fast with everybody asleep as awake, wakes one board, and hands over to it', async () => {
  const awake = await beginToWatch(boards, 20)
  await awake.leave()
  await boards.until('all sleep', areAsleep)
  const asleep = await beginToWatch(boards, 20)
  console.log(awake.startMs, asleep.startMs)
  asleep.hold(true)
  await boards.until('a board is awake', ({ power }) =>
    power.nodes.some(({ state }) => state === 'ready' || state === 'busy'),
  )
  asleep.hold(false)
  await asleep.expectWhole()
  const { recent } = await boards.status()
  console.log(JSON.stringify(recent.at(-1)!.segments), boards.head.log())
})
