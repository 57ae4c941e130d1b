import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BlockResult } from './block-cache.ts'
import { type ByteRange, parseByteRange } from './byte-range.ts'
import type { InputSource } from './input-source.ts'

/** Most blocks that are fetched ahead of the one being sent. */
const mostBlocksAhead = 6

/**
 * Answers one GET or HEAD of ffmpeg for an input. A read that fails for good must not look like the end of the
 * file: `onFailure` is called first (it kills ffmpeg), then the connection is reset in mid-body.
 */
export async function serveInput(
  request: IncomingMessage,
  response: ServerResponse,
  source: InputSource,
  onFailure: (failure: BlockResult & { ok: false }) => void,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const range = parseByteRange(request.headers.range, source.size)
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${source.size}`, 'accept-ranges': 'bytes' }).end()
    return
  }
  const bytes = writeHeaders(response, range, source.size)
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const failure = await sendBlocks(response, source, bytes)
  if (failure === undefined) response.end()
  else if (failure.reason !== 'aborted') {
    onFailure(failure)
    request.socket.resetAndDestroy()
  }
}

function writeHeaders(response: ServerResponse, range: ByteRange | 'whole', size: number): ByteRange {
  const bytes = range === 'whole' ? { start: 0, end: size } : range
  const headers = {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-length': bytes.end - bytes.start,
  }
  if (range === 'whole') response.writeHead(200, headers)
  else
    response.writeHead(206, { ...headers, 'content-range': `bytes ${bytes.start}-${bytes.end - 1}/${size}` })
  return bytes
}

/** Sends the bytes, fetching further ahead the longer ffmpeg reads on; stops when ffmpeg closes the connection. */
async function sendBlocks(response: ServerResponse, source: InputSource, bytes: ByteRange) {
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  const { blockBytes } = source
  const lastBlock = Math.ceil(bytes.end / blockBytes) - 1
  const firstBlock = Math.floor(bytes.start / blockBytes)
  const window = new Map<number, Promise<BlockResult>>()
  for (let index = firstBlock; index <= lastBlock; index += 1) {
    const ahead = Math.min(mostBlocksAhead, 2 ** (index - firstBlock))
    for (let wanted = index; wanted <= Math.min(index + ahead, lastBlock); wanted += 1) {
      if (!window.has(wanted)) window.set(wanted, source.readBlock(wanted, closed.signal))
    }
    const result = await window.get(index)!
    window.delete(index)
    if (!result.ok) {
      closed.abort()
      return result
    }
    const offset = index * blockBytes
    const from = Math.max(bytes.start - offset, 0)
    if (!response.write(result.bytes.subarray(from, bytes.end - offset)))
      await drained(response, closed.signal)
  }
  return undefined
}

/** Resolves when the response takes more bytes, or is closed; the next read then says which. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
