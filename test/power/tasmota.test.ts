import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import type { DeviceServer } from './device-server.ts'
import { driverContract, failureOf, rightPassword, wrongPassword } from './driver-contract.ts'
import { Outlet } from './shelly-stand-in.ts'
import { tasmota } from './tasmota-stand-in.ts'

for (const refusal of ['status', 'warning'] as const)
  driverContract(
    `a Tasmota plug that refuses by ${refusal}`,
    async () => {
      const standIn = new Outlet()
      const server = await tasmota(standIn, { password: rightPassword, refusal }).listen()
      const settings = { driver: 'tasmota', url: server.url, password: rightPassword }
      return { server, standIn, settings, withPassword: (password) => ({ password }) }
    },
    { observes: true, isVariant: refusal === 'warning' },
  )

describe('a Tasmota device', () => {
  const outlet = new Outlet()
  let server: DeviceServer
  const open = (settings: Record<string, unknown> = {}) =>
    makeDriver(
      checkDriverSettings(
        { driver: 'tasmota', url: server.url, confirmSeconds: 0.3, attempts: 1, ...settings },
        'power',
      ),
    )
  beforeEach(() => {
    outlet.isClosed = false
  })
  afterEach(() => server.close())

  it('with several relays is asked for its own, and measured by itself', async () => {
    server = await tasmota(outlet, { relays: 2 }).listen()
    const driver = open({ channel: 2 })
    expect(await driver.on()).toMatchObject({ confirmed: true, state: { observed: 'on' } })
    expect(server.calls[0]?.url.searchParams.get('cmnd')).toBe('Power2 on')
  })

  it('is switched and measured only where it has the MAC address that is meant', async () => {
    server = await tasmota(outlet, {}).listen()
    expect(await open({ mac: 'a4cf126f001d' }).on()).toMatchObject({ confirmed: true })
    const { code, words } = await failureOf(open({ mac: 'a4:cf:12:6f:00:1e' }).off())
    expect([code, words.includes('another device answers here')]).toEqual(['E_POWER_ANSWER', true])
    expect(outlet.isClosed).toBe(true)
  })

  it('says that it has no such relay', async () => {
    server = await tasmota(outlet, {}).listen()
    const { code, words } = await failureOf(open({ channel: 3 }).on())
    expect([code, words.includes('Unknown')]).toEqual(['E_POWER_REFUSED', true])
  })

  it('without a meter is believed about its relay', async () => {
    server = await tasmota(outlet, { hasMeter: false }).listen()
    expect(await open().on()).toMatchObject({ confirmed: true, state: { observed: 'unknown' } })
  })

  it('that echoes the request in an error does not bring its password into a log', async () => {
    server = await tasmota(outlet, { password: rightPassword, refusal: 'echo' }).listen()
    const { words } = await failureOf(open({ password: wrongPassword }).on())
    expect(words).toContain('[secret]')
    expect(words).not.toContain(wrongPassword)
    expect(words).not.toContain(encodeURIComponent(wrongPassword))
  })
})
