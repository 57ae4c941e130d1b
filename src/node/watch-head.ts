import type { ControlConnection } from './control.ts'
import type { HeadClient } from './head-client.ts'

/**
 * Calls `onGone` when the connection has been down for `patienceMs` without being back in between. A head that still
 * answers on the data plane is there: it is NATS that is away.
 */
export function watchHead(
  control: Pick<ControlConnection, 'onDisconnect' | 'onReconnect'>,
  client: Pick<HeadClient, 'answeredMs'>,
  patienceMs: number,
  onGone: () => void,
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const wait = (ms: number) => {
    timer = setTimeout(() => {
      const leftMs = patienceMs - (performance.now() - (client.answeredMs() ?? Number.NEGATIVE_INFINITY))
      if (leftMs > 0) wait(leftMs)
      else onGone()
    }, ms)
  }
  control.onDisconnect(() => {
    if (!stopped && timer === undefined) wait(patienceMs)
  })
  control.onReconnect(stop)
  return {
    stop: () => {
      stopped = true
      stop()
    },
  }
}
