import type { Beat, BeatPower } from '../../cluster/messages.ts'
import type { Meter } from '../../power/meters/meter.ts'
import type { Log } from '../log.ts'

export interface WattsWatch {
  /** The last reading, for a beat; empty before the first, and when there has been none for a while. */
  told(): Pick<Beat, 'power'>
  /** It has begun to work, or has nothing to do any more: the next reading comes soon, however long the pause was. */
  changed(): void
  stop(): void
}

export interface WatchWattsOptions {
  readonly meter: Meter
  readonly isBusy: () => boolean
  readonly log: Log
  /** From reading to reading while it has leases, and while it has none. */
  readonly everyMs?: number
  readonly idleEveryMs?: number
}

/**
 * A reading is worth so much of the time: a sensor on a slow bus takes a millisecond, `nvidia-smi` fifty and more. What it
 * takes is the clock's time, which is more than the processor's.
 */
const mostShare = { idle: 1 / 400, busy: 1 / 50 }
/** After so many readings that did not come the last one is told no more. */
const patience = 5
/** What a beat may say. */
const mostWatts = 10_000

/** Reads a meter for as long as the node lives; what fails is told once, until it works again. */
export function watchWatts(options: WatchWattsOptions): WattsWatch {
  const { meter, isBusy, log, everyMs = 1_000, idleEveryMs = 2_500 } = options
  let reading: BeatPower | undefined
  let freshUntilMs = 0
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let isReading = false
  let hasFailed = false
  const readIn = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void read(), ms)
    timer.unref()
  }
  const read = async (): Promise<void> => {
    isReading = true
    const startedMs = performance.now()
    let isRead = false
    try {
      const { watts, basis, boundary, source } = await meter.read()
      if (Number.isFinite(watts) && watts >= 0 && watts <= mostWatts) {
        const milliwatts = Math.round(watts * 1_000)
        reading = { watts: milliwatts / 1_000, basis, boundary, source: source.slice(0, 200) }
        isRead = true
      }
      hasFailed = false
    } catch (error) {
      if (!hasFailed) log.warn('the watts of this machine cannot be read', { error })
      hasFailed = true
    }
    isReading = false
    if (isStopped) return
    const tookMs = performance.now() - startedMs
    const [usualMs, share] = isBusy() ? [everyMs, mostShare.busy] : [idleEveryMs, mostShare.idle]
    const pauseMs = Math.max(usualMs, tookMs / share)
    if (isRead) freshUntilMs = performance.now() + patience * (pauseMs + tookMs)
    readIn(pauseMs)
  }
  void read()
  return {
    told: () => (reading && performance.now() < freshUntilMs ? { power: reading } : {}),
    changed: () => {
      if (!isReading && !isStopped) readIn(everyMs)
    },
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
