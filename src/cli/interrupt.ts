import { exitCodes } from './exit-codes.ts'

/** npm passes on a Ctrl-C that the terminal has sent to us as well: both are one, and come within a few milliseconds. */
const sameInterruptMs = 300

/** Between looks at who our parent is. */
const parentLookMs = 500

/**
 * Aborted by Ctrl-C or SIGTERM, or, for a daemon that `paceline up` started (`tied`), when its standard input closes:
 * a parent that was killed leaves no daemon behind. What `npx` has started ends with its parent, too. A second Ctrl-C ends the process at once, with exit code 130.
 */
export function interruptSignal(tied = false): AbortSignal {
  const controller = new AbortController()
  stopOnSignals(tied, controller, () => controller.abort())
  return controller.signal
}

/** Both ways in which a daemon can be asked to end. */
export interface Departure {
  /** By SIGTERM: in order, when what it has in hand is done. */
  readonly leave: AbortSignal
  /** At once: by a second SIGTERM, and by everything else that {@link interruptSignal} knows. */
  readonly stop: AbortSignal
}

/** As {@link interruptSignal}, for a daemon that has something to hand over before it goes. */
export function departureSignals(tied = false): Departure {
  const [leave, stop] = [new AbortController(), new AbortController()]
  stopOnSignals(tied, stop, () => (leave.signal.aborted ? stop : leave).abort())
  return { leave: leave.signal, stop: stop.signal }
}

function stopOnSignals(tied: boolean, controller: AbortController, onTerminate: () => void): void {
  const stop = () => controller.abort()
  let firstAtMs: number | undefined
  process.on('SIGINT', () => {
    firstAtMs ??= performance.now()
    if (performance.now() - firstAtMs > sameInterruptMs) process.exit(exitCodes.interrupted)
    stop()
  })
  process.on('SIGTERM', onTerminate)
  process.on('SIGHUP', stop)
  if (tied) {
    process.stdin.on('end', stop).on('error', stop).resume()
    // It must not keep a daemon that has nothing left to do.
    process.stdin.unref()
  } else if (process.env.npm_command === 'exec') stopWithParent(stop)
}

/** npx runs us in a shell that ends by SIGTERM and passes it on to nobody. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid
  const looking = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(looking)
    stop()
  }, parentLookMs)
  looking.unref()
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
