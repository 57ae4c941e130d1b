import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PacelineError } from '../../errors.ts'
import type { Meter, Reading } from '../../power/meters/meter.ts'
import { checkPowerSettings } from '../../power/power-settings.ts'
import { metersOf, type NetworkWatts, watchNetworkWatts } from './network-watts.ts'

const reading: Reading = { watts: 11, source: 'shelly', basis: 'measured', boundary: 'wall' }

let network: NetworkWatts
let silent: string[]

const meterOf = (read: (signal?: AbortSignal) => Promise<Reading>): Meter => ({ source: 'test', read })

function watch(meters: Readonly<Record<string, Meter>>): NetworkWatts {
  network = watchNetworkWatts({
    ...{ meters: new Map(Object.entries(meters)), nowMs: () => performance.now() },
    onSilent: (name, error) =>
      void silent.push(`${name}: ${error instanceof PacelineError ? error.code : error}`),
  })
  return network
}

beforeEach(() => {
  vi.useFakeTimers()
  silent = []
})
afterEach(async () => {
  await network.close()
  vi.useRealTimers()
})

describe('meters in the network', () => {
  it('are read every ten seconds, each by itself', async () => {
    let asked = 0
    const hung = meterOf(() => new Promise(() => {}))
    const works = meterOf(async () => ({ ...reading, watts: ++asked }))
    const hangs = {
      ...hung,
      read: (signal?: AbortSignal) =>
        new Promise<Reading>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
        }),
    }
    const watched = watch({ hangs, works })
    await vi.advanceTimersByTimeAsync(25_000)
    expect(watched.of('works')).toMatchObject({ watts: 3 })
    expect(watched.of('hangs')).toBeNull()
    expect(watched.of('another')).toBeNull()
  })

  it('that do not answer are told of once, and their last word holds for half a minute', async () => {
    let fails = false
    const watched = watch({
      a: meterOf(async () => {
        if (fails) throw new PacelineError('E_POWER_UNREACHABLE', 'test')
        return reading
      }),
    })
    await vi.advanceTimersByTimeAsync(1)
    fails = true
    await vi.advanceTimersByTimeAsync(29_000)
    expect(watched.of('a')).toMatchObject({ watts: 11 })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(watched.of('a')).toBeNull()
    expect(silent).toEqual(['a: E_POWER_UNREACHABLE'])
    fails = false
    await vi.advanceTimersByTimeAsync(10_000)
    expect(watched.of('a')).not.toBeNull()
  })

  it('that refuse a password are not asked again for a minute, then for longer, until one is right', async () => {
    let asked = 0
    let isRight = false
    watch({
      a: meterOf(async () => {
        asked += 1
        if (isRight) return reading
        throw new PacelineError('E_POWER_DENIED', 'test')
      }),
    })
    const askedAfter = async (seconds: number) => {
      await vi.advanceTimersByTimeAsync(seconds * 1000)
      return asked
    }
    expect([await askedAfter(59), await askedAfter(2), await askedAfter(118), await askedAfter(2)]).toEqual([
      1, 2, 2, 3,
    ])
    expect(silent).toEqual(['a: E_POWER_DENIED'])
    isRight = true
    expect([await askedAfter(240), network.of('a')]).toEqual([4, reading])
    expect(await askedAfter(10)).toBe(5)
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 10_001])(
    'that say %d watts are not believed',
    async (watts) => {
      const watched = watch({ a: meterOf(async () => ({ ...reading, watts })) })
      await vi.advanceTimersByTimeAsync(1)
      expect(watched.of('a')).toBeNull()
      expect(silent).toEqual(['a: E_POWER_ANSWER'])
    },
  )

  it('are those of the settings, but for models', () => {
    watch({})
    const board = { idleWatts: 1, busyWatts: 2 }
    const settings = checkPowerSettings({
      nodes: {
        a: { ...board, meter: { meter: 'shelly', url: 'http://plug.lan' } },
        b: { ...board, meter: { meter: 'model', idleWatts: 1, busyWatts: 2 } },
        c: board,
      },
    })
    expect([...metersOf(settings).keys()]).toEqual(['a'])
  })
})
