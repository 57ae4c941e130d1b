import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { processesBelow } from '../head/process-tree.ts'

let paceline: RunningPaceline

beforeEach(async () => {
  paceline = await startPaceline({ nodes: 2 })
})

afterEach(() => paceline.stop())

interface Address {
  readonly pid: number
  readonly api: string
  readonly door: string
}

const address = (): Address => JSON.parse(readFileSync(join(paceline.dataFolder, 'head.json'), 'utf8'))

/** One that has read a token calls itself so. */
const isAgent = (words: readonly string[]) => words[0]?.startsWith('paceline node') || words.includes('node')

/** Children of `paceline up`, but the head; it may have a node of its own. */
const agents = (): number[] =>
  processesBelow(paceline.pid).flatMap(({ pid, words }) =>
    isAgent(words) && parentOf(pid) === paceline.pid ? [pid] : [],
  )

function parentOf(pid: number): number | null {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    // It has ended meanwhile.
    return null
  }
}

async function nodes(): Promise<{ id: string; name: string }[]> {
  const { exit, stdout } = await paceline.run('status', '--json')
  return exit === 0 ? (JSON.parse(stdout) as { nodes: { id: string; name: string }[] }).nodes : []
}

async function untilThere(names: readonly string[]) {
  for (;;) {
    const there = await nodes()
    if (
      there
        .map(({ name }) => name)
        .toSorted()
        .join() === names.join()
    )
      return there
    await sleep(50)
  }
}

it('a head and a node that are killed are started again, find each other, and Ctrl-C ends everything', async () => {
  const before = await untilThere(['node-1', 'node-2'])
  const first = address()
  process.kill(first.pid, 'SIGKILL')
  while (address().pid === first.pid) await sleep(20)
  expect(address()).toMatchObject({ api: first.api, door: first.door })
  expect(paceline.log()).toContain('the head ended by itself (SIGKILL): it is started again in 0.2 s')
  // The same processes under the same names: they came back by themselves.
  const pids = agents()
  expect(await untilThere(['node-1', 'node-2'])).toEqual(
    expect.arrayContaining(before.map(({ id }) => expect.objectContaining({ id }))),
  )
  expect(agents()).toEqual(pids)

  process.kill(pids[1]!, 'SIGKILL')
  await expect
    .poll(() => paceline.log(), { timeout: 10_000 })
    .toMatch(/node-[12] ended by itself \(SIGKILL\)/)
  while (agents().length < 2 || agents().includes(pids[1]!)) await sleep(20)
  await untilThere(['node-1', 'node-2'])

  const { pid } = address()
  expect(await paceline.stop()).toBe(0)
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

it('a node that is removed is not started again, and one in a pause is none that Ctrl-C waits for', async () => {
  await untilThere(['node-1', 'node-2'])
  const { exit, stderr } = await paceline.run('nodes', 'remove', 'node-2')
  expect([exit, stderr]).toEqual([0, ''])
  while (!paceline.log().includes('node-2 has ended')) await sleep(20)
  for (let deaths = 0; deaths < 3; deaths++) {
    while (agents().length !== 1) await sleep(20)
    process.kill(agents()[0]!, 'SIGKILL')
    while (paceline.log().match(/node-1 ended by itself/g)?.length !== deaths + 1) await sleep(10)
  }
  const startedMs = performance.now()
  expect(await paceline.stop()).toBe(0)
  expect(performance.now() - startedMs).toBeLessThan(5_000)
})
