import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A body that has come whole. */
export interface ArrivedBody {
  readonly bytes: Buffer
  /** Lower-case hexadecimal digits. */
  readonly sha256: string
}

/** Room that is made at once, however much a request says that it will send: what is not sent must cost nothing. */
const firstRoomBytes = 4 * 1024 * 1024

/** RFC 9110, 15.5.14 and 15.5.1. */
const tooLargeStatus = 413
const badRequestStatus = 400

/**
 * Reads a body to its end into one piece of memory, and reckons its digest as it comes: a hundred segments may be on
 * their way at once, and neither shall one be there twice nor the event loop stand still for a digest of megabytes.
 * Rejects with status 413 for more than `mostBytes`, and with 400 and what the connection says when it ends before.
 */
export async function readBody(
  payload: Pick<IncomingMessage, 'headers' | typeof Symbol.asyncIterator>,
  mostBytes: number,
): Promise<ArrivedBody> {
  const said = Number(payload.headers['content-length'] ?? Number.NaN)
  if (said > mostBytes) throw tooLarge(mostBytes)
  const hash = createHash('sha256')
  let room: Buffer = Buffer.allocUnsafeSlow(Math.min(Number.isNaN(said) ? 0 : said, firstRoomBytes))
  let length = 0
  for await (const chunk of untilTorn(payload)) {
    const end = length + (chunk as Buffer).length
    if (end > mostBytes) throw tooLarge(mostBytes)
    if (end > room.length) room = larger(room, length, Math.max(end, Math.min(said || end, 2 * room.length)))
    length += (chunk as Buffer).copy(room, length)
    hash.update(chunk as Buffer)
  }
  return { bytes: room.subarray(0, length), sha256: hash.digest('hex') }
}

/** The sender's fault, not the head's own. */
async function* untilTorn(payload: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* payload
  } catch (error) {
    throw Object.assign(error as Error, { statusCode: badRequestStatus })
  }
}

function larger(room: Buffer, used: number, bytes: number): Buffer {
  const more = Buffer.allocUnsafeSlow(bytes)
  room.copy(more, 0, 0, used)
  return more
}

function tooLarge(mostBytes: number): Error {
  return Object.assign(new Error(`the body is over ${mostBytes} bytes`), { statusCode: tooLargeStatus })
}
