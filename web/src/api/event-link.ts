import { signal } from '@preact/signals'
import type { ServerEvent } from '../../../src/head/api/contract/events.ts'
import { untilSeen, whenUnseen } from './attention.ts'
import { apiBase, signedOut } from './call.ts'
import { createEventReader } from './read-events.ts'

/** `lost`: it is being tried again. */
export type LinkState = 'connecting' | 'live' | 'lost'

export const linkState = signal<LinkState>('connecting')

/** The head says something every ten seconds; see the contract's events.ts. */
const silenceMs = 25_000

/** Between tries: at once would burden a head that is just starting, longer would be noticed. */
const pauseMs = 1_000

/**
 * A page that nobody has seen for so long gives its connection back, and goes on where it was when it is seen again:
 * browsers open six to a host, so that the seventh tab of a dashboard would stay empty.
 */
const unseenMs = 15_000

/** Keeps the stream of events open until it is aborted, while the page can be seen, and hands on what comes. */
export async function keepLink(onEvent: (event: ServerEvent) => void, abort: AbortSignal): Promise<void> {
  let lastId: string | null = null
  while (!abort.aborted) {
    if (document.hidden) linkState.value = 'connecting'
    await untilSeen(document, abort)
    if (abort.aborted) return
    const ended = await followStream(lastId, abort, (event, id) => {
      lastId = id ?? lastId
      linkState.value = 'live'
      onEvent(event)
    })
    if (abort.aborted) return
    if (ended === 'unseen') continue
    linkState.value = 'lost'
    // Whoever has to sign in again gets another page, which ends this; for anybody else it was a mistake.
    if (ended === 'signed-out') signedOut.value += 1
    await pauseUnless(abort)
  }
}

/** One connection, to its end. */
async function followStream(
  lastId: string | null,
  abort: AbortSignal,
  onEvent: (event: ServerEvent, id: string | null) => void,
): Promise<'ended' | 'unseen' | 'signed-out'> {
  const [silence, unseen] = [new AbortController(), new AbortController()]
  const seen = whenUnseen(document, unseenMs, () => unseen.abort())
  let timer = setTimeout(() => silence.abort(), silenceMs)
  try {
    const response = await fetch(`${apiBase}events`, {
      headers: { accept: 'text/event-stream', ...(lastId !== null && { 'last-event-id': lastId }) },
      cache: 'no-store',
      signal: AbortSignal.any([abort, silence.signal, unseen.signal]),
    })
    if (response.status === 401) return 'signed-out'
    if (!response.ok || !response.body) return 'ended'
    const read = createEventReader()
    const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let chunk = await chunks.read(); !chunk.done; chunk = await chunks.read()) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), silenceMs)
      for (const { data, id } of read(chunk.value)) onEvent(JSON.parse(data) as ServerEvent, id)
    }
    return 'ended'
  } catch (error) {
    // A connection that breaks is what the next one is for; anything else is a fault of ours.
    if (error instanceof TypeError || error instanceof DOMException)
      return unseen.signal.aborted ? 'unseen' : 'ended'
    throw error
  } finally {
    seen()
    clearTimeout(timer)
  }
}

/** Until the pause is over, the network is back, or nobody wants it any more. */
function pauseUnless(abort: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      abort.removeEventListener('abort', done)
      window.removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, pauseMs)
    abort.addEventListener('abort', done)
    window.addEventListener('online', done)
  })
}
