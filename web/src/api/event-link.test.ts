import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ServerEvent } from '../../../src/head/api/contract/events.ts'

type Link = typeof import('./event-link.ts')
type Call = typeof import('./call.ts')

let link: Link
let call: Call

/** What the page asked for, with the stream that it got. */
interface Asked {
  readonly url: string
  readonly lastEventId: string | null
  readonly signal: AbortSignal
  say(text: string): void
  end(): void
}

let asked: Asked[]
let status: number
let page: { hidden: boolean; baseURI: string; turn: (hidden: boolean) => void }
let abort: AbortController
let heard: ServerEvent[]
let followed: Promise<void>

function fakePage() {
  const listeners = new Set<() => void>()
  return {
    ...{ hidden: false, baseURI: 'https://head/' },
    addEventListener: (_type: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => void listeners.delete(listener),
    turn(hidden: boolean) {
      page.hidden = hidden
      for (const listener of [...listeners]) listener()
    },
  }
}

async function fakeFetch(url: string, init: RequestInit): Promise<Response> {
  const { signal } = init as { signal: AbortSignal }
  const lastEventId = new Headers(init.headers).get('last-event-id')
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      const say = (text: string) => stream.enqueue(new TextEncoder().encode(text))
      asked.push({ ...{ url, lastEventId, signal }, say, end: () => stream.close() })
      signal.addEventListener('abort', () => stream.error(new DOMException('given up', 'AbortError')))
    },
  })
  return new Response(status === 200 ? body : null, { status })
}

const fleet = (id: string) => `id: ${id}\nevent: fleet\ndata: {"type":"fleet","fleet":null}\n\n`
const settle = () => vi.advanceTimersByTimeAsync(1)

beforeAll(async () => {
  page = fakePage()
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', { addEventListener: () => {}, removeEventListener: () => {} })
  vi.stubGlobal('fetch', fakeFetch)
  vi.resetModules()
  link = await import('./event-link.ts')
  call = await import('./call.ts')
})

afterAll(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

beforeEach(async () => {
  vi.useFakeTimers()
  page.hidden = false
  ;[asked, heard, status] = [[], [], 200]
  abort = new AbortController()
  followed = link.keepLink((event) => heard.push(event), abort.signal)
  await settle()
})

afterEach(async () => {
  abort.abort()
  await vi.advanceTimersByTimeAsync(2_000)
  await followed
  vi.useRealTimers()
})

describe('the stream of events', () => {
  it('is asked for once, and all that comes is handed on', async () => {
    expect(asked.map(({ url, lastEventId }) => [url, lastEventId])).toEqual([
      ['https://head/api/v1/events', null],
    ])
    asked[0]!.say(fleet('b-1'))
    asked[0]!.say(fleet('b-2'))
    await settle()
    expect(heard).toEqual([
      { type: 'fleet', fleet: null },
      { type: 'fleet', fleet: null },
    ])
    expect(link.linkState.value).toBe('live')
  })

  it('that breaks is lost until the next one lives, which begins where it was', async () => {
    asked[0]!.say(fleet('b-7'))
    await settle()
    asked[0]!.end()
    await settle()
    expect(link.linkState.value).toBe('lost')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([null, 'b-7'])
    expect(link.linkState.value).toBe('lost')
    asked[1]!.say(fleet('b-8'))
    await settle()
    expect(link.linkState.value).toBe('live')
  })

  it('in which nothing comes for long is given up', async () => {
    asked[0]!.say(fleet('b-1'))
    await vi.advanceTimersByTimeAsync(24_000)
    expect(asked[0]!.signal.aborted).toBe(false)
    asked[0]!.say(': still here\n\n')
    await vi.advanceTimersByTimeAsync(24_000)
    expect(asked[0]!.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(3_000)
    expect([asked[0]!.signal.aborted, asked.length]).toEqual([true, 2])
  })

  it('says that nobody is signed in, and ends with the page', async () => {
    const before = call.signedOut.value
    status = 401
    asked[0]!.end()
    await vi.advanceTimersByTimeAsync(1_100)
    expect([call.signedOut.value, asked.length]).toEqual([before + 1, 2])
    abort.abort()
    await followed
    await vi.advanceTimersByTimeAsync(5_000)
    expect(asked.length).toBe(2)
  })

  it('goes on after a refusal that was none of the session’s, as of something between', async () => {
    status = 401
    asked[0]!.end()
    await vi.advanceTimersByTimeAsync(1_100)
    status = 200
    await vi.advanceTimersByTimeAsync(1_000)
    asked.at(-1)!.say(fleet('b-9'))
    await settle()
    expect([asked.length, link.linkState.value]).toEqual([3, 'live'])
  })
})

describe('a page that nobody sees', () => {
  it('gives its connection back, without a word of loss, and goes on when it is seen', async () => {
    asked[0]!.say(fleet('b-3'))
    await settle()
    page.turn(true)
    await vi.advanceTimersByTimeAsync(14_000)
    expect(asked[0]!.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(asked[0]!.signal.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(600_000)
    expect([asked.length, link.linkState.value]).toEqual([1, 'connecting'])
    page.turn(false)
    await settle()
    expect(asked[1]?.lastEventId).toBe('b-3')
    asked[1]!.say(fleet('b-4'))
    await settle()
    expect(link.linkState.value).toBe('live')
  })
})
