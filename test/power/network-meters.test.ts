import { afterEach, describe, expect, it } from 'vitest'
import { checkMeterSettings, makeMeter } from '../../src/power/meters/settings.ts'
import type { DeviceServer } from './device-server.ts'
import { failureOf, rightPassword, wrongPassword } from './driver-contract.ts'
import { firstShelly, LaterShelly, Outlet } from './shelly-stand-in.ts'
import { tasmota } from './tasmota-stand-in.ts'

/** 4.2 W now, 12.5 Wh counted. */
const outlet = new Outlet()
outlet.isClosed = true

describe('a meter behind the network', () => {
  let server: DeviceServer
  afterEach(() => server.close())
  const open = (meter: string, more: Record<string, unknown> = {}) =>
    makeMeter(checkMeterSettings({ meter, url: server.url, ...more }, 'meter'), () => 0)

  it.each<[string, string, () => DeviceServer, Record<string, unknown>]>([
    ['Shelly of generation 1', 'shelly', () => firstShelly(outlet, rightPassword), { generation: 1 }],
    ['Shelly of generation 2', 'shelly', () => new LaterShelly(outlet, rightPassword).server, {}],
    ['Tasmota plug', 'tasmota', () => tasmota(outlet, { password: rightPassword }), {}],
    [
      'Tasmota plug with two relays',
      'tasmota',
      () => tasmota(outlet, { relays: 2, password: rightPassword }),
      { channel: 2 },
    ],
  ])('of a %s gives watts and joules at the wall', async (_name, meter, start, settings) => {
    server = await start().listen()
    const reading = await open(meter, { password: rightPassword, ...settings }).read()
    expect(reading).toMatchObject({
      watts: 4.2,
      joules: expect.closeTo(45_000, 3),
      basis: 'measured',
      boundary: 'wall',
    })
  })

  it('that the plug does not have is not made up', async () => {
    server = await tasmota(outlet, { hasMeter: false }).listen()
    const { code, words } = await failureOf(open('tasmota').read())
    expect([code, words.includes('it has no meter')]).toEqual(['E_POWER_ANSWER', true])
  })

  it('is denied to a wrong password, which is not shown', async () => {
    server = await firstShelly(outlet, rightPassword).listen()
    const { code, words } = await failureOf(open('shelly', { generation: 1, password: wrongPassword }).read())
    expect(code).toBe('E_POWER_DENIED')
    expect(words).not.toContain(wrongPassword)
  })

  it('is given up in time', async () => {
    server = await firstShelly(outlet).listen()
    server.troubles.push('silent')
    const meter = open('shelly', { generation: 1, timeoutSeconds: 0.2 })
    expect(await failureOf(meter.read())).toMatchObject({ code: 'E_POWER_UNREACHABLE' })
  })
})
