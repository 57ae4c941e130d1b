import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outlet, OutwardEvent } from './outward-event.ts'
import type { WebhookSettings } from './settings.ts'

export interface WebhookOptions {
  readonly settings: WebhookSettings
  readonly onTrouble: (message: string) => void
  /** Milliseconds since 1970. */
  readonly wallNow: () => number
  /** Before the second try, the third and so on. */
  readonly pausesMs?: readonly number[]
  readonly patienceMs?: number
}

/** Events that wait; of more the oldest are left out. */
const mostWaiting = 100
const usualPausesMs = [1_000, 5_000, 30_000, 120_000]

/**
 * Sends events by POST, one after the other. Each has an id, the same for each try. With a secret `x-paceline-signature`
 * is `sha256=` and the HMAC of `TIMESTAMP.BODY` in hexadecimal digits, and `x-paceline-timestamp` the seconds of that try,
 * so that whoever gets it knows that it is ours and not an old one. An answer of 2xx counts, other than 429 and 5xx no
 * second try is made, and no redirection is followed.
 */
export function openWebhook(options: WebhookOptions): Outlet {
  const { settings, onTrouble, pausesMs = usualPausesMs } = options
  const waiting: { readonly id: string; readonly event: OutwardEvent }[] = []
  const over = new AbortController()
  const host = new URL(settings.url).host
  let work: Promise<void> | null = null
  let isTroubled = false

  const trouble = (what: string): void => {
    if (!isTroubled) onTrouble(`webhook at ${host}: ${what}`)
    isTroubled = true
  }
  const deliver = async (id: string, event: OutwardEvent): Promise<void> => {
    for (let tries = 0; ; tries++) {
      const failure = await send(options, id, event, over.signal)
      if (failure === null) {
        isTroubled = false
        return
      }
      const pauseMs = pausesMs[tries]
      if (!failure.isWorthAgain || pauseMs === undefined) return trouble(failure.what)
      await sleep(pauseMs, undefined, { signal: over.signal, ref: false })
    }
  }
  const run = async (): Promise<void> => {
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) await deliver(next.id, next.event)
    } catch (error) {
      // Closed in the middle: nobody is told any more.
      if (!over.signal.aborted) throw error
    } finally {
      work = null
    }
  }
  return {
    tell(event) {
      if (over.signal.aborted || !settings.events.includes(event.type)) return
      waiting.push({ id: randomUUID(), event })
      if (waiting.length > mostWaiting) {
        waiting.shift()
        trouble('it is too slow: events are left out')
      }
      work ??= run()
    },
    show: () => {},
    async close() {
      over.abort()
      await work
    },
  }
}

interface Failure {
  readonly what: string
  readonly isWorthAgain: boolean
}

async function send(
  { settings, wallNow, patienceMs = 10_000 }: WebhookOptions,
  id: string,
  event: OutwardEvent,
  over: AbortSignal,
): Promise<Failure | null> {
  const body = JSON.stringify({ id, ...event })
  const timestamp = String(Math.floor(wallNow() / 1000))
  const signature = settings.secret && signatureOf(settings.secret.reveal(), timestamp, body)
  try {
    const answer = await fetch(settings.url, {
      ...{ method: 'POST', body, redirect: 'manual' },
      signal: AbortSignal.any([over, AbortSignal.timeout(patienceMs)]),
      headers: {
        ...{ 'content-type': 'application/json', 'user-agent': 'paceline' },
        ...{ 'x-paceline-event': event.type, 'x-paceline-timestamp': timestamp },
        ...(signature !== undefined && { 'x-paceline-signature': signature }),
      },
    })
    await answer.body?.cancel()
    if (answer.ok) return null
    return {
      what: `it answers ${answer.status}`,
      isWorthAgain: answer.status === 429 || answer.status >= 500,
    }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    return { what: cause?.code ?? name, isWorthAgain: true }
  }
}

/** For `x-paceline-signature`. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}
