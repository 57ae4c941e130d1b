/**
 * Aborted by Ctrl-C or SIGTERM, or, for a daemon that `paceline up` started (`tied`), when its standard input closes:
 * a parent that was killed leaves no daemon behind.
 */
export function interruptSignal(tied = false): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort()
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  if (tied) process.stdin.on('end', stop).on('error', stop).resume()
  return controller.signal
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
