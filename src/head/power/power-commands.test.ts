import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { PacelineError } from '../../errors.ts'
import type { PowerDriver, PowerOutcome } from '../../power/drivers/driver.ts'
import { createPowerCommands } from './power-commands.ts'
import type { PowerCommand } from './power-state.ts'

const nowMs = () => performance.now()

/** A driver that takes `lastsMs` for each command and remembers how many were under way at once. */
function slowDriver(lastsMs = 5, outcome: Partial<PowerOutcome> = {}, failure?: Error) {
  const given: string[] = []
  const times: number[] = []
  let [now, atOnce] = [0, 0]
  const command =
    (what: 'on' | 'off') =>
    async (signal?: AbortSignal): Promise<PowerOutcome> => {
      given.push(what)
      times.push(nowMs())
      now += 1
      atOnce = Math.max(atOnce, now)
      await sleep(lastsMs, undefined, { signal }).finally(() => {
        now -= 1
      })
      if (failure) throw failure
      const state = { asked: what, commanded: what, observed: 'unknown', evidence: '' } as const
      return { sent: true, what: `told ${what}`, attempts: 1, confirmed: false, state, ...outcome }
    }
  const driver: PowerDriver = {
    ...{ kind: 'slow', name: 'slow one', on: command('on'), off: command('off') },
    state: () => Promise.reject(new Error('nobody asks')),
    close: async () => {},
  }
  return { driver, given, times, atOnce: () => atOnce }
}

function commandsOf(driver: PowerDriver, settleMs = 0) {
  const told: PowerCommand[] = []
  const commands = createPowerCommands({ driver, nowMs, settleMs, onChange: (command) => told.push(command) })
  const untilEnded = async (count: number) => {
    while (told.filter(({ endedMs }) => endedMs !== null).length < count) await sleep(2)
  }
  return { commands, told, untilEnded }
}

test('commands of a node wait for one another, and only the last of those that wait is given', async () => {
  const { driver, given, atOnce } = slowDriver()
  const { commands, untilEnded } = commandsOf(driver)
  for (const what of ['on', 'off', 'on', 'off'] as const) commands.run(what)
  await sleep(2)
  for (const what of ['on', 'off', 'on'] as const) commands.run(what)
  await untilEnded(2)
  expect(given).toEqual(['off', 'on'])
  expect(atOnce()).toBe(1)
})

test('its state is told when it begins and when it has ended, in words of the driver', async () => {
  const { commands, told, untilEnded } = commandsOf(slowDriver().driver)
  commands.run('on')
  await untilEnded(1)
  expect(told).toMatchObject([
    { what: 'on', endedMs: null, failure: null, told: 'slow one' },
    { what: 'on', failure: null, isDry: false, isSeen: false, told: 'told on' },
  ])
  expect(told[1]!.endedMs).toBeGreaterThan(told[1]!.startedMs)
})

test('a dry run is told as such', async () => {
  const { commands, told, untilEnded } = commandsOf(slowDriver(1, { sent: false }).driver)
  commands.run('off')
  await untilEnded(1)
  expect(told.at(-1)).toMatchObject({ isDry: true, failure: null })
})

test('a failure has its code, and one of no code is our own', async () => {
  const denied = slowDriver(1, {}, new PacelineError('E_POWER_DENIED', 'plug')).driver
  const broken = slowDriver(1, {}, new TypeError('x is not a function')).driver
  for (const [driver, code] of [
    [denied, 'E_POWER_DENIED'],
    [broken, 'E_INTERNAL'],
  ] as const) {
    const { commands, told, untilEnded } = commandsOf(driver)
    commands.run('on')
    await untilEnded(1)
    expect(told.at(-1)!.failure?.code).toBe(code)
  }
})

test('a node that nobody has seen off has time to write its disks before it is switched on', async () => {
  const { driver, times } = slowDriver(1)
  const { commands, untilEnded } = commandsOf(driver, 60)
  commands.run('off')
  await untilEnded(1)
  commands.run('on')
  await untilEnded(2)
  expect(times[1]! - times[0]!).toBeGreaterThan(55)
})

test('one that was seen off is switched on at once', async () => {
  const state = { asked: 'off', commanded: 'off', observed: 'off', evidence: '' } as const
  const { driver, times } = slowDriver(1, { confirmed: true, state })
  const { commands, told, untilEnded } = commandsOf(driver, 5_000)
  commands.run('cycle')
  await untilEnded(1)
  expect(times[1]! - times[0]!).toBeLessThan(1_000)
  expect(told.at(-1)).toMatchObject({ what: 'cycle', isSeen: true })
})

test('a cycle goes on where there is nothing to switch off', async () => {
  const { driver, given } = slowDriver(1)
  const onlyOn = { ...driver, off: () => Promise.reject(new PacelineError('E_POWER_CANNOT', 'plug')) }
  const { commands, told, untilEnded } = commandsOf(onlyOn)
  commands.run('cycle')
  await untilEnded(1)
  expect(given).toEqual(['on'])
  expect(told.at(-1)!.failure).toBeNull()
})

test('when the head ends, nobody waits for a device, and nothing more is told', async () => {
  const { driver } = slowDriver(60_000)
  const { commands, told } = commandsOf(driver)
  commands.run('on')
  await sleep(5)
  commands.run('off')
  await commands.close()
  expect(told).toHaveLength(1)
})

test('while power is cut, or about to be, that can be seen, in a cycle only until it is switched on again', async () => {
  const { driver } = slowDriver(20)
  const cuts: (boolean | number)[] = []
  const commands = createPowerCommands({
    ...{ driver, nowMs, settleMs: 0, onChange: () => {} },
    onCut: () => cuts.push(commands.isCutting),
  })
  commands.run('on')
  expect(commands.isCutting).toBe(false)
  commands.run('cycle')
  expect(commands.isCutting).toBe(true)
  await sleep(10)
  expect(commands.isCutting).toBe(true)
  while (cuts.length === 0) await sleep(2)
  expect(commands.isCutting).toBe(false)
  expect(cuts).toEqual([false])
  await commands.close()
})

test('an on that still looks for the node ends when something else is wanted, and is no failure', async () => {
  const { driver, given, atOnce } = slowDriver(60_000)
  const { commands, told } = commandsOf(driver)
  commands.run('on')
  await sleep(5)
  commands.run('cycle')
  while (given.length < 2) await sleep(5)
  expect(given).toEqual(['on', 'off'])
  expect(atOnce()).toBe(1)
  expect(told.filter(({ failure }) => failure)).toEqual([])
  await commands.close()
})

test('an off is never broken off by what is wanted later', async () => {
  const { driver, given } = slowDriver(30)
  const { commands, told, untilEnded } = commandsOf(driver)
  commands.run('off')
  await sleep(5)
  commands.run('on')
  await untilEnded(2)
  expect(given).toEqual(['off', 'on'])
  expect(told.map(({ what, failure }) => [what, failure])).toEqual([
    ['off', null],
    ['off', null],
    ['on', null],
    ['on', null],
  ])
})
