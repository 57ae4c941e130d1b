import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BoardStatus, type Boards, startBoards } from './sleeping-boards.ts'
import { beginToWatch } from './sleeping-viewer.ts'

const bootSeconds = Number(process.env.PACELINE_BOARD_BOOT_SECONDS ?? 20)
const filmSeconds = 20
const tries = 3
/** Longer than any of what is waited for here. */
const patienceSeconds = 60 + bootSeconds * 10

let boards: Boards
let folder: string
let plexLog: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-plex-log-'))
  plexLog = join(folder, 'Plex Media Server.log')
  await writeFile(plexLog, '')
  boards = await startBoards({ bootSeconds, power: { plexLog } })
})

afterAll(async () => {
  await boards?.stop()
  await rm(folder, { recursive: true, force: true })
})

const stateOf = (status: BoardStatus, name: string) => status.power.nodes.find((node) => node.name === name)!
const areAsleep = ({ power }: BoardStatus): boolean => power.nodes.every(({ state }) => state === 'off')
const isUp = (state: string): boolean => state === 'ready' || state === 'busy'
const awakeOf = ({ power }: BoardStatus) => power.nodes.filter(({ state }) => isUp(state))
const until = (what: string, happened: (status: BoardStatus) => boolean) =>
  boards.until(what, happened, patienceSeconds)
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const say = (words: string): void => void process.stdout.write(`${words}\n`)

it('a viewer begins within 1.2 times what it takes with a board awake', async () => {
  const [awake, asleep]: [number[], number[]] = [[], []]
  for (let count = 0; count < tries; count += 1) {
    await boards.head.run('nodes', 'wake', boards.names[0]!, '--minutes', '1')
    await until('a board is awake', (status) => awakeOf(status).length > 0)
    await until('it has proved itself', ({ nodes }) => nodes.some(({ name }) => name === boards.names[0]))
    const viewer = await beginToWatch(boards, filmSeconds)
    awake.push(viewer.startMs)
    await viewer.leave()
    await boards.head.run('nodes', 'wake', boards.names[0]!, '--minutes', '0')
    await until('all sleep', areAsleep)
    const other = await beginToWatch(boards, filmSeconds)
    asleep.push(other.startMs)
    await other.leave()
    await until('all sleep again', areAsleep)
  }
  const ratio = median(asleep) / median(awake)
  say(
    `first segment with a board awake: ${awake.map(Math.round).join(', ')} ms; median ${Math.round(median(awake))} ms`,
  )
  say(
    `first segment with all asleep:    ${asleep.map(Math.round).join(', ')} ms; median ${Math.round(median(asleep))} ms`,
  )
  say(`ratio: ${ratio.toFixed(2)} (1.20 at most)`)
  expect(ratio).toBeLessThan(1.2)
})

it('boards sleep when idling longer would cost more than a boot, and the next viewer loses nothing', async () => {
  const viewer = await beginToWatch(boards, filmSeconds)
  viewer.hold(true)
  const woken = awakeOf(await until('a board is awake', (status) => awakeOf(status).length > 0))[0]!
  viewer.hold(false)
  await viewer.expectWhole()
  const beganMs = performance.now()
  await until('it goes to sleep', (status) => !isUp(stateOf(status, woken.name).state))
  const idleSeconds = (performance.now() - beganMs) / 1000
  const { mean, seen } = stateOf(await boards.status(), woken.name).wakeSeconds
  const expected = boards.breakEvenSecondsFor(mean)
  say(
    `a board that took ${mean} s to wake (mean of ${seen}) slept after ${idleSeconds.toFixed(1)} s without work; its break-even time is ${expected.toFixed(1)} s`,
  )
  expect(Math.abs(idleSeconds - expected)).toBeLessThan(3)

  const next = await beginToWatch(boards, filmSeconds)
  expect(stateOf(await boards.status(), woken.name).state).not.toBe('ready')
  await next.expectWhole()
  say('a viewer who came while it went to sleep: every frame, once and in order')
  const { recent } = await boards.status()
  say(`made by ${JSON.stringify(recent.map(({ segments }) => segments))}`)
})

it('a viewer goes on while boards that are dead are tried, and one that lives takes over', async () => {
  await until('all sleep', areAsleep)
  for (const name of boards.names) await boards.spoil(name, 'dead')
  const viewer = await beginToWatch(boards, 60)
  viewer.hold(true)
  const failed = await until('one is given up', ({ power }) =>
    power.nodes.some(({ state }) => state === 'failed'),
  )
  const told = failed.power.nodes.find(({ state }) => state === 'failed')!
  expect(told.trouble).toMatch(/^E_NODE_WAKE: /)
  // Whoever is tried next comes when it is tried again.
  for (const name of boards.names) if (name !== told.name) await boards.spoil(name, null)
  say(`${told.name} was given up: ${told.trouble}`)
  viewer.hold(false)
  await viewer.expectWhole()
  say('a viewer whose boards did not wake: every frame, once and in order')
  // A person insists, and the pause is over.
  for (const name of boards.names) {
    await boards.spoil(name, null)
    await boards.head.run('nodes', 'wake', name, '--minutes', '0')
  }
  await until('all are awake again', (status) => awakeOf(status).length === boards.names.length)
})

it('a board that starts anew by itself is noticed, and one that was switched by others', async () => {
  const name = boards.names[2]!
  await boards.head.run('nodes', 'wake', name, '--minutes', '10')
  await until('it is awake', (status) => isUp(stateOf(status, name).state))
  await boards.switchByHand(name, 'off')
  await boards.switchByHand(name, 'on')
  await until('it is missed', () => /has started anew by itself|is gone that nobody/.test(boards.head.log()))
  await until('it is awake', (status) => isUp(stateOf(status, name).state))
})

it('a head that starts again knows who sleeps, and wakes them for the next viewer', async () => {
  await boards.head.run('nodes', 'wake', boards.names[2]!, '--minutes', '0')
  await until('all sleep', areAsleep)
  await sleep(1_000)
  const before = await boards.status()
  await boards.head.startAgain()
  const after = await boards.status()
  for (const name of boards.names) {
    expect(stateOf(after, name)).toMatchObject({ state: 'off' })
    expect(stateOf(after, name).wakeSeconds).toEqual(stateOf(before, name).wakeSeconds)
    expect(stateOf(after, name).sinceSeconds).toBeGreaterThanOrEqual(stateOf(before, name).sinceSeconds ?? 0)
  }
  // On a machine with much to do its start takes longer than a job may wait for it.
  await until('the first responder is there', ({ nodes }) => nodes.some((node) => node.firstResponder))
  const viewer = await beginToWatch(boards, 60)
  viewer.hold(true)
  await until('a board is awake', (status) => awakeOf(status).length > 0)
  viewer.hold(false)
  await viewer.expectWhole()
})

it('somebody who opens the pages of the server has a board woken before he plays anything', async () => {
  await until('all sleep', areAsleep)
  const areComing = ({ power }: BoardStatus) => power.nodes.some(({ state }) => state === 'waking')
  await appendFile(plexLog, 'DEBUG - Request: [192.168.1.5:53422 (Subnet)] GET /identity (8 live)\n')
  await sleep(3_000)
  expect(areComing(await boards.status())).toBe(false)
  await appendFile(plexLog, 'DEBUG - Request: [192.168.1.5:53422 (Subnet)] GET /hubs/promoted (8 live)\n')
  await until('a board is woken', areComing)
  await until('a board is awake', (status) => awakeOf(status).length > 0)
})

it('there was never more than one power command of a board under way', async () => {
  for (const name of boards.names) {
    const { atOnce, count } = await boards.commands(name)
    say(`${name}: ${count} power commands, ${atOnce} at once`)
    expect(atOnce).toBe(1)
  }
})
