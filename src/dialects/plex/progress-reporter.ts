import { asksToThrottle } from './control-channel.ts'
import { nextProgress, noReports, type ProgressHistory } from './progress-report.ts'
import type { SendQueue } from './send-queue.ts'
import type { ServerCalls } from './server-calls.ts'

/** Reports progress twice a second and passes on whether the server asks to slow down. */
export interface ProgressReporter {
  /** The first report, at 0; from then on a timer puts one after another into the queue. Call it from the queue. */
  begin(durationSeconds: number | null, copied?: boolean): Promise<void>
  /** As begin(), where another reporter made the first reports: the next one comes with the timer. */
  goOn(durationSeconds: number | null, memory: ReporterMemory): void
  memory(): ReporterMemory
  /** The last report, once, if there was a first; no more follow. Call it from the queue. */
  end(): Promise<void>
  /** No more reports. */
  stop(): void
}

/** What the reports so far leave behind. */
export interface ReporterMemory {
  readonly history: ProgressHistory
  readonly throttled: boolean
  readonly copied: boolean
}

export interface ProgressReporterOptions {
  readonly calls: ServerCalls
  readonly queue: SendQueue
  /** Seconds of output made so far without a gap, counted from where the job began. */
  readonly positionSeconds: () => number
  /** How long the file is by now; null for segments. */
  readonly sizeBytes: () => number | null
  readonly onThrottle: (throttled: boolean) => void
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly intervalMilliseconds: number
  readonly signal: AbortSignal
}

/** Silent until begin(); it tells onThrottle only when the answer changes, and takes the server not to be asking at first. */
export function openProgressReporter(options: ProgressReporterOptions): ProgressReporter {
  const { calls, queue } = options
  let history = noReports
  let duration: number | null = null
  let copied = false
  let throttled = false
  let timer: NodeJS.Timeout | null = null
  let waiting = false

  async function report(): Promise<void> {
    const moment = {
      ...{ nowMilliseconds: options.now(), positionSeconds: options.positionSeconds() },
      ...{ throttled, copied },
      sizeBytes: options.sizeBytes(),
    }
    const next = nextProgress(history, moment, duration)
    history = next.history
    const asked = asksToThrottle(await calls.put(`?${next.query}`))
    if (asked === null || asked === throttled || options.signal.aborted) return
    throttled = asked
    options.onThrottle(asked)
    await calls.log(3, asked ? 'Throttle - Going into sloth mode.' : 'Throttle - Getting back to work.')
  }

  // One report waits at most, however slow the server is.
  function reportSoon(): void {
    if (waiting) return
    waiting = true
    void queue.add(async () => {
      waiting = false
      if (timer !== null) await report()
    })
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer)
    timer = null
  }

  function startTimer(): void {
    if (!options.signal.aborted) timer = setInterval(reportSoon, options.intervalMilliseconds)
  }

  return {
    async begin(durationSeconds, isCopied = false) {
      duration = durationSeconds
      copied = isCopied
      await report()
      startTimer()
    },
    goOn(durationSeconds, memory) {
      duration = durationSeconds
      copied = memory.copied
      // The clock that the history was taken by was another process's.
      history = { ...memory.history, atMilliseconds: options.now() }
      throttled = memory.throttled
      if (throttled) options.onThrottle(true)
      startTimer()
    },
    memory: () => ({ history, throttled, copied }),
    async end() {
      if (timer === null) return
      stop()
      await report()
    },
    stop,
  }
}
