import type { IncomingMessage } from 'node:http'
import type { LeaseInput } from '../cluster/messages.ts'
import type { BlockCache, BlockResult } from './block-cache.ts'
import type { ByteRange } from './byte-range.ts'
import type { HeadClient } from './head-client.ts'
import type { Pauses } from './pauses.ts'
import { backoffMs } from './retry.ts'

/** One input of one lease, read from the head in aligned blocks. */
export interface InputSource {
  readonly size: number
  readonly blockBytes: number
  readBlock(index: number, signal: AbortSignal): Promise<BlockResult>
}

export interface InputSourceOptions {
  readonly input: LeaseInput
  readonly client: HeadClient
  readonly cache: BlockCache
  /** Woken when the head is back. */
  readonly pauses: Pauses
  /** Bytes: small enough that a seek over Wi-Fi is quick, large enough that requests cost nothing. */
  readonly blockBytes: number
  /** Called with the bytes that went through memory. */
  handled(bytes: number): void
  /** Counts what comes from the head; false when the lease has had more than it can need. */
  take(bytes: number): boolean
  /** How long a block is asked for again while the head does not answer. */
  readonly readPatienceMs: number
}

export function createInputSource(options: InputSourceOptions): InputSource {
  const { input, cache, blockBytes } = options
  return {
    size: input.size,
    blockBytes,
    readBlock: (index, signal) => {
      const start = index * blockBytes
      const range = { start, end: Math.min(start + blockBytes, input.size) }
      return cache.read(
        `${input.identity}:${start}`,
        (flight) => fetchPatiently(options, range, flight),
        signal,
      )
    },
  }
}

async function fetchPatiently(options: InputSourceOptions, range: ByteRange, signal: AbortSignal) {
  const started = performance.now()
  for (let retry = 0; ; retry += 1) {
    const { wakings } = options.pauses
    const result = await fetchOnce(options, range, signal)
    if (result.ok || result.reason !== 'unreachable') return result
    const left = options.readPatienceMs - (performance.now() - started)
    if (left <= 0) return result
    const pauseMs = Math.min(left, backoffMs(retry, 50, 2_000))
    if (await options.pauses.pause(pauseMs, signal, wakings)) retry = -1
  }
}

async function fetchOnce(
  options: InputSourceOptions,
  range: ByteRange,
  signal: AbortSignal,
): Promise<BlockResult> {
  try {
    const response = await options.client.request({
      method: 'GET',
      path: options.input.url,
      headers: { range: `bytes=${range.start}-${range.end - 1}` },
      signal,
    })
    const refusal = judge(response, options.input.size, range)
    if (refusal !== undefined) {
      response.resume()
      return refusal
    }
    // What never came was not read, however often it was asked for.
    if (!options.take(range.end - range.start)) {
      response.destroy()
      return { ok: false, reason: 'broken', message: 'the lease has read far more than its inputs have' }
    }
    const bytes = await readExactly(response, range.end - range.start)
    options.handled(bytes.length)
    return { ok: true, bytes }
  } catch (error) {
    const reason = signal.aborted ? 'aborted' : 'unreachable'
    return { ok: false, reason, message: error instanceof Error ? error.message : String(error) }
  }
}

function judge(response: IncomingMessage, size: number, range: ByteRange): BlockResult | undefined {
  const status = response.statusCode ?? 0
  const message = `the head answers ${status} to bytes ${range.start}-${range.end - 1}`
  if (status === 401 || status === 403 || status === 409 || status === 410)
    return { ok: false, reason: 'gone', message }
  if (status >= 500 || status === 429) return { ok: false, reason: 'unreachable', message }
  const whole = status === 200 && range.start === 0 && range.end === size
  if (!whole && status !== 206) return { ok: false, reason: 'broken', message }
  const expected = `bytes ${range.start}-${range.end - 1}/${size}`
  const contentRange = response.headers['content-range']
  if (whole || contentRange === expected) return undefined
  return { ok: false, reason: 'broken', message: `the head answers with ${contentRange}, not ${expected}` }
}

async function readExactly(response: IncomingMessage, length: number): Promise<Buffer> {
  // Its own memory, not a slice of a shared pool: a block lives long.
  const block = Buffer.allocUnsafeSlow(length)
  let filled = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (filled + chunk.length > length) throw new Error('the head sends more than was asked for')
    filled += chunk.copy(block, filled)
  }
  if (filled < length) throw new Error('the head sends less than was asked for')
  return block
}
