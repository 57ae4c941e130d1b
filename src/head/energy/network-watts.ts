import { PacelineError } from '../../errors.ts'
import { DenialHold } from '../../power/denial-hold.ts'
import type { Meter, Reading } from '../../power/meters/meter.ts'
import { networkMeter } from '../../power/meters/network-meters.ts'
import type { PowerSettings } from '../../power/power-settings.ts'

export interface NetworkWatts {
  /** What a meter in the network says of a node, by its name; null where there is none, or it has not answered lately. */
  of(name: string): Reading | null
  close(): Promise<void>
}

export interface NetworkWattsOptions {
  /** By the names of nodes. */
  readonly meters: ReadonlyMap<string, Meter>
  readonly nowMs: () => number
  /** A meter does not answer: told once, until it does again. */
  readonly onSilent: (name: string, error: unknown) => void
  readonly everyMs?: number
}

/** Plugs measure once a second or less often, and are small computers with other things to do. */
const usualEveryMs = 10_000
/** More than any one machine draws; of a beat as well. */
const mostWatts = 10_000
/** After so many answers that did not come a reading is too old. */
const patience = 3

/** The meters that the settings name; models are none. */
export function metersOf({ nodes }: PowerSettings): ReadonlyMap<string, Meter> {
  const meters = new Map<string, Meter>()
  for (const [name, { meter }] of nodes)
    if (meter && meter.meter !== 'model') meters.set(name, networkMeter(meter))
  return meters
}

/** Reads meters in the network for as long as the head lives, each by itself, so that none waits for another. */
export function watchNetworkWatts(options: NetworkWattsOptions): NetworkWatts {
  const { meters, nowMs, onSilent, everyMs = usualEveryMs } = options
  const readings = new Map<string, { readonly reading: Reading; readonly atMs: number }>()
  const stop = new AbortController()
  const watches = [...meters].map(([name, meter]) => watch(name, meter))

  async function watch(name: string, meter: Meter): Promise<void> {
    let isSilent = false
    const hold = new DenialHold(meter.source, nowMs)
    while (!stop.signal.aborted) {
      try {
        const reading = await meter.read(stop.signal)
        if (!(reading.watts >= 0 && reading.watts <= mostWatts))
          throw new PacelineError('E_POWER_ANSWER', `${meter.source}: ${reading.watts} W`)
        readings.set(name, { reading, atMs: nowMs() })
        isSilent = false
        hold.passed()
      } catch (error) {
        if (stop.signal.aborted) return
        if (!isSilent) onSilent(name, error)
        isSilent = true
        if (error instanceof PacelineError && error.code === 'E_POWER_DENIED') hold.denied()
      }
      await pause(Math.max(everyMs, hold.restMs), stop.signal)
    }
  }
  return {
    of(name) {
      const known = readings.get(name)
      return known && nowMs() - known.atMs < patience * everyMs ? known.reading : null
    },
    async close() {
      stop.abort()
      await Promise.all(watches)
    },
  }
}

/** Resolves when the time is over, or at once when nobody waits any more. It keeps no process alive. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    timer.unref()
    signal.addEventListener('abort', end, { once: true })
  })
}
