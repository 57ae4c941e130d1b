import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { driverContract, failureOf, rightPassword } from './driver-contract.ts'
import { firstShelly, LaterShelly, Outlet, shellyMac } from './shelly-stand-in.ts'

driverContract(
  'a Shelly of generation 1 with a password',
  async () => {
    const standIn = new Outlet()
    const server = await firstShelly(standIn, rightPassword).listen()
    const settings = { driver: 'shelly', generation: 1, url: server.url, password: rightPassword }
    return { server, standIn, settings, withPassword: (password) => ({ password }) }
  },
  { observes: true, isVariant: true },
)

driverContract(
  'a Shelly of generation 2 with a password',
  async () => {
    const standIn = new Outlet()
    const { server } = new LaterShelly(standIn, rightPassword)
    await server.listen()
    // Half an answer to the first request of a digest dialogue costs one try like any other.
    const settings = { driver: 'shelly', url: server.url, password: rightPassword }
    return { server, standIn, settings, withPassword: (password) => ({ password }) }
  },
  { observes: true },
)

describe('a Shelly of generation 2', () => {
  const outlet = new Outlet()
  let shelly: LaterShelly
  const open = (settings: Record<string, unknown> = {}) =>
    makeDriver(
      checkDriverSettings(
        { driver: 'shelly', url: shelly.server.url, confirmSeconds: 0.3, attempts: 1, ...settings },
        'power',
      ),
    )
  beforeEach(async () => {
    outlet.isClosed = false
    shelly = new LaterShelly(outlet)
    await shelly.server.listen()
  })
  afterEach(() => shelly.server.close())

  it('is switched without a password when it has none', async () => {
    expect(await open().on()).toMatchObject({ confirmed: true })
    expect(shelly.server.calls.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  it('answers challenges again and again when its nonces run out', async () => {
    await shelly.server.close()
    shelly = new LaterShelly(outlet, rightPassword)
    shelly.nonceUses = 2
    await shelly.server.listen()
    const driver = open({ password: rightPassword })
    await driver.on()
    for (let asked = 0; asked < 5; asked++) expect((await driver.state()).observed).toBe('on')
  })

  it('is challenged once as long as its nonce is good', async () => {
    await shelly.server.close()
    shelly = new LaterShelly(outlet, rightPassword)
    shelly.nonceUses = 1_000
    await shelly.server.listen()
    const driver = open({ password: rightPassword })
    for (let asked = 0; asked < 3; asked++) await driver.state()
    expect(shelly.server.calls).toHaveLength(4)
  })

  it('is believed about its relay when it has no meter, and nothing is called observed', async () => {
    shelly.hasMeter = false
    const driver = open()
    expect(await driver.on()).toMatchObject({
      confirmed: true,
      state: { commanded: 'on', observed: 'unknown' },
    })
  })

  it('that speaks of another channel is not believed', async () => {
    shelly.answersFor = 3
    const { code, words } = await failureOf(open().on())
    expect([code, words.includes('it speaks of channel 3')]).toEqual(['E_POWER_ANSWER', true])
  })

  it('is switched and read only where it has the MAC address that is meant', async () => {
    expect(await open({ mac: 'a8:03:2a:be:54:dc' }).on()).toMatchObject({ confirmed: true })
    const other = open({ mac: 'a8-03-2a-be-54-dd' })
    for (const call of [other.off(), other.state()]) {
      const { code, words } = await failureOf(call)
      expect([code, words.includes(`another device answers here, the one with ${shellyMac}`)]).toEqual([
        'E_POWER_ANSWER',
        true,
      ])
    }
    expect(outlet.isClosed).toBe(true)
  })

  it('says which channel it does not have', async () => {
    const { code, words } = await failureOf(open({ channel: 7 }).on())
    expect(code).toBe('E_POWER_REFUSED')
    expect(words).toContain('value 7 not found')
  })

  it('is told from one of generation 1, which knows other words', async () => {
    await shelly.server.close()
    const old = await firstShelly(outlet).listen()
    const driver = makeDriver(checkDriverSettings({ driver: 'shelly', url: old.url, attempts: 1 }, 'power'))
    expect(await failureOf(driver.on())).toMatchObject({ code: 'E_POWER_REFUSED' })
    await old.close()
  })
})
