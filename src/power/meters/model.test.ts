import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacelineError } from '../../errors.ts'
import { calibrated } from './calibrated.ts'
import type { Meter } from './meter.ts'
import { type Activity, modelledWatts, modelMeter } from './model.ts'
import { addedUp } from './node-meter.ts'
import { checkCalibration, checkMeterSettings, makeMeter } from './settings.ts'

const pi5 = { idleWatts: 2.8, busyWatts: 9.7, offWatts: 1.5 }

describe('a node that is modelled', () => {
  it.each<[Activity, number]>([
    ['off', 1.5],
    [0, 2.8],
    [0.5, 6.25],
    [1, 9.7],
  ])('draws, being %s, %f W', (activity, watts) => {
    expect(modelledWatts(pi5, activity)).toBeCloseTo(watts, 9)
  })

  it('is never below idle or above busy, however busy somebody says it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (activity) => {
        const watts = modelledWatts(pi5, activity)
        return watts >= pi5.idleWatts && watts <= pi5.busyWatts
      }),
    )
  })

  it('says that it is modelled, and follows what the node does', async () => {
    let activity: Activity = 0
    const meter = modelMeter(pi5, () => activity)
    expect(await meter.read()).toEqual({ watts: 2.8, source: 'model', basis: 'modelled', boundary: 'wall' })
    activity = 'off'
    expect((await meter.read()).watts).toBe(1.5)
  })
})

const module: Meter = {
  source: 'ina3221 VDD_IN',
  read: async () => ({
    watts: 5,
    source: 'ina3221 VDD_IN',
    basis: 'measured',
    boundary: 'module',
    joules: 9,
  }),
}

describe('a calibrated sensor', () => {
  it('estimates what the wall gives, and says that it is an estimate', async () => {
    const reading = await calibrated(module, { overheadWatts: 1.4, supplyEfficiency: 0.8 }).read()
    const source = 'ina3221 VDD_IN, calibrated'
    expect(reading).toEqual({ watts: expect.closeTo(8, 9), source, basis: 'modelled', boundary: 'wall' })
  })

  it.each([{ supplyEfficiency: 0 }, { supplyEfficiency: 1.1 }, { overheadWatts: -1 }])(
    'is not believed with %o',
    (input) => {
      expect(() => checkCalibration(input, 'nodes.a.calibration')).toThrow('nodes.a.calibration.')
    },
  )
})

describe('meters added up', () => {
  it('are measured only if all of them are', async () => {
    const model = modelMeter(pi5, () => 0)
    expect(await addedUp([module, module]).read()).toMatchObject({ watts: 10, basis: 'measured' })
    expect(await addedUp([module, model]).read()).toMatchObject({ watts: 7.8, basis: 'modelled' })
  })
})

describe('settings of a meter', () => {
  it('of a model make one', async () => {
    const settings = checkMeterSettings({ meter: 'model', idleWatts: 2, busyWatts: 10 }, 'meter')
    expect(await makeMeter(settings, () => 1).read()).toMatchObject({ watts: 10, basis: 'modelled' })
  })

  it.each([
    [{ meter: 'model', idleWatts: 10, busyWatts: 2 }, 'busyWatts: must not be less than idleWatts'],
    [{ meter: 'model', idleWatts: -1, busyWatts: 2 }, 'idleWatts'],
    [{ meter: 'crystal-ball' }, 'meter'],
    [
      { meter: 'snmp', host: 'switch', snmp: { version: '2c', community: 'x' }, object: '1.3.x' },
      'object identifier',
    ],
  ])('%o are refused', (input, words) => {
    expect(() => checkMeterSettings(input, 'nodes.a.meter')).toThrow(PacelineError)
    expect(() => checkMeterSettings(input, 'nodes.a.meter')).toThrow(words)
  })
})
