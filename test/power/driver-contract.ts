import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PacelineError } from '../../src/errors.ts'
import type { PowerDriver } from '../../src/power/drivers/driver.ts'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import type { DeviceServer, Trouble } from './device-server.ts'

/** The thing behind a device whose power is switched. */
export interface StandIn {
  /** Whether it really has power. */
  readonly isOn: boolean
  /** The device takes commands and nothing follows. */
  isStuck: boolean
  /** Somebody else switches it. */
  turn(power: 'on' | 'off'): void
}

export interface Rig {
  readonly server: DeviceServer
  readonly standIn: StandIn
  /** Settings with the right password. */
  readonly settings: Record<string, unknown>
  /** Where the password is in them. */
  readonly withPassword?: (password: string) => Record<string, unknown>
}

export const rightPassword = 'correct horse/battery&staple'
export const wrongPassword = 'Tr0ub4dor&3/=?'

interface ContractOptions {
  readonly observes: boolean
  readonly anyAnswerWillDo?: boolean
  readonly isVariant?: boolean
}

/** What no test waits for is so long that no machine is too slow for it. */
const hasty = { timeoutSeconds: 5, attempts: 3, retrySeconds: 0.01, confirmSeconds: 5 }

/** The code and the message of what a call fails with, and whatever a log would print of it. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: string; words: string }> {
  const error = await call.then(
    (value) => new Error(`it succeeded: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof PacelineError)) throw error
  return { code: error.code, words: inspect(error) + error.message + error.where + error.hint }
}

/**
 * What holds for every driver over HTTP. `observes` is false where the device only repeats what it was told;
 * `anyAnswerWillDo` is true where a command's answer is not read. `isVariant`: another way to talk to a device for which all
 * of it is looked at already; what goes wrong before its words are read goes wrong the same way.
 */
export function driverContract(
  title: string,
  setUp: () => Promise<Rig>,
  { observes, anyAnswerWillDo = false, isVariant = false }: ContractOptions,
): void {
  describe(title, () => {
    let rig: Rig
    let driver: PowerDriver
    const open = (settings: Record<string, unknown> = {}) => {
      driver = makeDriver(checkDriverSettings({ ...rig.settings, ...hasty, ...settings }, 'power'))
      return driver
    }
    beforeEach(async () => {
      rig = await setUp()
      open()
    })
    afterEach(async () => {
      await driver.close()
      await rig.server.close()
    })
    /** Trouble for each of the next requests. */
    const trouble = (kind: Trouble, times: number) =>
      rig.server.troubles.push(...Array<Trouble>(times).fill(kind))

    it('switches on and off, and makes sure of it', async () => {
      const on = await driver.on()
      expect([rig.standIn.isOn, on.sent, on.confirmed, on.attempts]).toEqual([true, true, true, 1])
      const off = await driver.off()
      expect([rig.standIn.isOn, off.sent, off.confirmed]).toEqual([false, true, true])
    })

    it('tells what was asked, what was commanded and what is observed', async () => {
      await driver.on()
      const observed = observes ? 'on' : 'unknown'
      expect(await driver.state()).toMatchObject({ asked: 'on', commanded: 'on', observed })
    })

    it('does not know what was asked before it was asked anything', async () => {
      expect(await driver.state()).toMatchObject({ asked: 'unknown', commanded: 'off' })
    })

    it('sees that a second controller has switched it', async () => {
      await driver.on()
      rig.standIn.turn('off')
      expect(await driver.state()).toMatchObject({ asked: 'on', commanded: 'off' })
    })

    it('sends nothing in a dry run, and says what it would have sent', async () => {
      open({ dryRun: true })
      const outcome = await driver.on()
      await driver.state()
      expect([rig.server.calls.length, rig.standIn.isOn, outcome.sent]).toEqual([0, false, false])
      expect(outcome.what).toMatch(/GET|POST/)
      expect(outcome.what).not.toContain(rightPassword)
    })

    const misread: Trouble[] = anyAnswerWillDo ? [] : ['garbage']

    const passing: Trouble[] = isVariant ? ['half', ...misread] : ['reset', 'half', 'error 500', ...misread]

    it.each(passing)('gets over two times %s', async (kind) => {
      trouble(kind, 2)
      expect(await driver.on()).toMatchObject({ confirmed: true, attempts: 3 })
      expect(rig.standIn.isOn).toBe(true)
    })

    it('does not believe a device that takes a command and does nothing', async () => {
      rig.standIn.isStuck = true
      open({ attempts: 2, confirmSeconds: 0.1 })
      const { code, words } = await failureOf(driver.on())
      expect(code).toBe('E_POWER_UNCHANGED')
      expect(words).toContain('told on, but')
    })

    it('tries a wrong password once, then not again for a minute, and never shows it', async () => {
      if (rig.withPassword === undefined) return
      open(rig.withPassword(wrongPassword))
      const first = await failureOf(driver.on())
      const sent = rig.server.calls.length
      const second = await failureOf(driver.on())
      const third = await failureOf(driver.state())
      expect([first.code, second.code, third.code]).toEqual(Array(3).fill('E_POWER_DENIED'))
      expect(sent).toBeLessThanOrEqual(2)
      expect(rig.server.calls).toHaveLength(sent)
      expect(second.words).toMatch(/not tried again for \d+ s/)
      for (const { words } of [first, second, third]) {
        expect(words).not.toContain(wrongPassword)
        expect(words).not.toContain(encodeURIComponent(wrongPassword))
        expect(words).not.toContain(Buffer.from(`admin:${wrongPassword}`).toString('base64'))
      }
    })

    if (isVariant) return

    it.each<Trouble>(['reset', 'half', 'endless'])('gets over %s where it makes sure', async (kind) => {
      const before = rig.server.calls.length
      await driver.state()
      const questions = rig.server.calls.length - before
      rig.server.troubles.push(...Array<Trouble>(questions).fill('none'), kind)
      expect(await driver.on()).toMatchObject({ confirmed: true })
      expect(rig.standIn.isOn).toBe(true)
    })

    it.each<Trouble>(['drip', 'endless'])('waits for no answer that never ends: %s', async (kind) => {
      trouble(kind, 20)
      const began = performance.now()
      const { code } = await failureOf(open({ attempts: 2, timeoutSeconds: 0.15 }).state())
      expect(code).toMatch(/^E_POWER_(UNREACHABLE|ANSWER)$/)
      expect(performance.now() - began).toBeLessThan(2_000)
    })

    it('does not fight a second controller for longer than its attempts', async () => {
      open({ attempts: 2, confirmSeconds: 0.1 })
      const meddle = setInterval(() => rig.standIn.turn('off'), 1)
      const outcome = await driver.on().catch((error: unknown) => error)
      clearInterval(meddle)
      const commands = rig.server.calls.length
      if (outcome instanceof PacelineError) expect(outcome.code).toBe('E_POWER_UNCHANGED')
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(rig.server.calls).toHaveLength(commands)
    })

    it('gets over one silence', async () => {
      trouble('silent', 1)
      expect(await open({ timeoutSeconds: 0.5 }).on()).toMatchObject({ confirmed: true, attempts: 2 })
    })

    it.each<[Trouble, string]>([
      ['silent', 'E_POWER_UNREACHABLE'],
      ['reset', 'E_POWER_UNREACHABLE'],
      ['half', 'E_POWER_ANSWER'],
      ...misread.map((kind): [Trouble, string] => [kind, 'E_POWER_ANSWER']),
      ['error 500', 'E_POWER_REFUSED'],
    ])('gives up after its attempts when the device is always %s', async (kind, code) => {
      trouble(kind, 20)
      expect(await failureOf(open({ timeoutSeconds: 0.2 }).on())).toMatchObject({ code })
      expect(rig.server.calls).toHaveLength(3)
    })

    it('says that nobody is there when nobody is', async () => {
      await rig.server.close()
      expect(await failureOf(driver.on())).toMatchObject({ code: 'E_POWER_UNREACHABLE' })
      expect(await failureOf(driver.state())).toMatchObject({ code: 'E_POWER_UNREACHABLE' })
    })

    it('stops at once when it is told to', async () => {
      trouble('silent', 20)
      open({ timeoutSeconds: 30 })
      const controller = new AbortController()
      const began = performance.now()
      setTimeout(() => controller.abort(new Error('the session ended')), 50)
      await expect(driver.on(controller.signal)).rejects.toThrow('the session ended')
      expect(performance.now() - began).toBeLessThan(2_000)
    })

    it('has one command under way, never two', async () => {
      const first = driver.on()
      expect(await failureOf(driver.off())).toMatchObject({ code: 'E_POWER_BUSY' })
      await first
      expect(await driver.off()).toMatchObject({ confirmed: true })
    })
  })
}
