import { expect, it } from 'vitest'
import { checkPowerSettings } from './power-settings.ts'

const watts = { idleWatts: 5, busyWatts: 12 }
const plug = (url: string) => ({ driver: 'shelly', url, password: 'hush-hush' })

it('refuses two nodes behind one plug, with the names of both and no secret', () => {
  const nodes = {
    loft: { ...watts, driver: plug('http://plug-1.lan') },
    attic: {
      ...watts,
      driver: { driver: 'pair', on: plug('http://plug-1.lan'), off: [{ driver: 'agent' }] },
    },
  }
  expect(() => checkPowerSettings({ nodes })).toThrow(
    expect.objectContaining({
      code: 'E_POWER_SETTINGS',
      where: 'power.nodes.attic.driver: switches the same as that of loft: plug-1.lan, relay 0',
    }),
  )
})

it('takes nodes behind a plug each, and those that programs switch', () => {
  const exec = { driver: 'exec', on: ['switch'], off: ['switch'] }
  const drivers = [plug('http://plug-1.lan'), plug('http://plug-2.lan'), exec, exec, undefined, undefined]
  const nodes = Object.fromEntries(
    drivers.map((driver, index) => [`n${index}`, { ...watts, ...(driver && { driver }) }]),
  )
  expect(checkPowerSettings({ nodes }).nodes.size).toBe(6)
})
