import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reading } from '../../power/meters/meter.ts'
import { type LogFields, silentLog } from '../log.ts'
import { type WattsWatch, watchWatts } from './watch-watts.ts'

const reading: Reading = { watts: 5.12345, source: 'ina3221 VDD_IN', basis: 'measured', boundary: 'module' }

let watch: WattsWatch | undefined
let isBusy = false
let warnings: string[]
const log = { ...silentLog, warn: (message: string, _fields?: LogFields) => void warnings.push(message) }

/** A meter that answers so, after so long, and counts how often it was asked. */
function meterOf(answer: () => Reading, tookMs = 0) {
  const asked: number[] = []
  return {
    ...{ source: 'test', asked },
    read: async () => {
      asked.push(performance.now())
      if (tookMs > 0) await new Promise((resolve) => setTimeout(resolve, tookMs))
      return answer()
    },
  }
}

function start(meter: ReturnType<typeof meterOf>): WattsWatch {
  watch = watchWatts({ meter, isBusy: () => isBusy, log })
  return watch
}

beforeEach(() => {
  vi.useFakeTimers()
  isBusy = false
  warnings = []
})
afterEach(() => {
  watch?.stop()
  vi.useRealTimers()
})

describe('the watts of a node', () => {
  it('are told in milliwatts, and not before the first reading', async () => {
    const told = start(meterOf(() => reading))
    expect(told.told()).toEqual({})
    await vi.advanceTimersByTimeAsync(1)
    expect(told.told()).toEqual({ power: { ...reading, watts: 5.123 } })
  })

  it('are read every 2.5 s at rest and every second at work', async () => {
    const meter = meterOf(() => reading)
    const told = start(meter)
    await vi.advanceTimersByTimeAsync(10_100)
    expect(meter.asked).toHaveLength(5)
    isBusy = true
    told.changed()
    await vi.advanceTimersByTimeAsync(10_100)
    expect(meter.asked).toHaveLength(15)
  })

  it('cost a meter that takes long no more than a quarter of a percent of the time at rest', async () => {
    const meter = meterOf(() => reading, 50)
    start(meter)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(meter.asked).toHaveLength(5)
  })

  it('are read soon when work begins, however long the pause was', async () => {
    const meter = meterOf(() => reading, 50)
    const told = start(meter)
    await vi.advanceTimersByTimeAsync(1_000)
    isBusy = true
    told.changed()
    await vi.advanceTimersByTimeAsync(1_100)
    expect(meter.asked).toHaveLength(2)
  })

  it('are not read twice at a time', async () => {
    const meter = meterOf(() => reading, 500)
    const told = start(meter)
    told.changed()
    await vi.advanceTimersByTimeAsync(1_200)
    expect(meter.asked).toHaveLength(1)
  })

  it('are told no more when the sensor has not answered five times, which the log says once', async () => {
    let fails = false
    const told = start(
      meterOf(() => {
        if (fails) throw new Error('EIO')
        return reading
      }),
    )
    await vi.advanceTimersByTimeAsync(1)
    fails = true
    await vi.advanceTimersByTimeAsync(12_000)
    expect(told.told()).toHaveProperty('power')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told.told()).toEqual({})
    expect(warnings).toEqual(['the watts of this machine cannot be read'])
    fails = false
    await vi.advanceTimersByTimeAsync(2_600)
    expect(told.told()).toHaveProperty('power')
  })

  it.each([Number.NaN, -3, Number.POSITIVE_INFINITY, 1e6])(
    'are not told where a sensor says %d',
    async (watts) => {
      const told = start(meterOf(() => ({ ...reading, watts })))
      await vi.advanceTimersByTimeAsync(1)
      expect(told.told()).toEqual({})
    },
  )

  it('are not read any more once the node has stopped', async () => {
    const meter = meterOf(() => reading, 50)
    start(meter).stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(meter.asked).toHaveLength(1)
  })
})
