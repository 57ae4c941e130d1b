import { PacelineError } from '../../errors.ts'

/** The version of native/shim/PROTOCOL.md that this door speaks. */
export const protocolVersion = 1

/** Types of frames: below 0x80 from the shim to the head, from 0x80 the other way. */
export const frameTypes = {
  hello: 0x01,
  stdin: 0x02,
  stdinEnd: 0x03,
  signal: 0x04,
  fileAnswer: 0x05,
  httpAnswer: 0x06,
  readAnswer: 0x07,
  accept: 0x81,
  local: 0x82,
  stdout: 0x83,
  stderr: 0x84,
  exit: 0x85,
  stdinNext: 0x86,
  file: 0x87,
  http: 0x88,
  read: 0x89,
  resume: 0x8a,
  beat: 0x8b,
} as const

export type FrameType = (typeof frameTypes)[keyof typeof frameTypes]

/** Bytes before a payload: its length in four, big-endian, and the type. */
export const headerBytes = 5

/** Bytes of payload: a hello may carry a whole command line, everything else stays small. */
export const payloadLimits = { hello: 4 * 1024 * 1024, other: 64 * 1024 } as const

export interface Frame {
  readonly type: number
  readonly payload: Buffer
}

/** Which payload a type may have: the most bytes, or undefined for a type that must not come. */
export type PayloadLimit = (type: number) => number | undefined

/** What a shim may send. */
export const fromShim: PayloadLimit = (type) =>
  type === frameTypes.hello
    ? payloadLimits.hello
    : type >= frameTypes.stdin && type <= frameTypes.readAnswer
      ? payloadLimits.other
      : undefined

/** What a head may send. */
export const fromHead: PayloadLimit = (type) =>
  type >= frameTypes.accept && type <= frameTypes.beat ? payloadLimits.other : undefined

/** What comes before a payload of so many bytes that is written behind it. */
export function frameHead(type: FrameType, payloadBytes: number): Buffer {
  const head = Buffer.allocUnsafe(headerBytes)
  head.writeUInt32BE(payloadBytes, 0)
  head[4] = type
  return head
}

/** A whole frame, to be written at once. */
export function encodeFrame(type: FrameType, payload: Uint8Array = new Uint8Array()): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + payload.length)
  frame.writeUInt32BE(payload.length, 0)
  frame[4] = type
  frame.set(payload, headerBytes)
  return frame
}

/** Cuts a stream of bytes into frames, however the bytes happen to arrive. */
export class FrameReader {
  readonly #limit: PayloadLimit
  #bytes = Buffer.alloc(1024)
  #have = 0

  constructor(limit: PayloadLimit) {
    this.#limit = limit
  }

  /** Whether a frame has begun that is not whole. */
  get isBetween(): boolean {
    return this.#have > 0
  }

  /**
   * The frames that are whole with this chunk; what is left waits for the next. Throws PacelineError
   * E_DOOR_PROTOCOL at a header that is not allowed, after the frames before it.
   */
  *read(chunk: Uint8Array): Generator<Frame, void, undefined> {
    this.#store(chunk)
    let at = 0
    try {
      while (this.#have - at >= headerBytes) {
        const end = at + headerBytes + this.#payloadLength(at)
        if (end > this.#have) break
        const frame = {
          type: this.#bytes[at + 4]!,
          payload: Buffer.from(this.#bytes.subarray(at + headerBytes, end)),
        }
        at = end
        yield frame
      }
    } finally {
      // Also when the caller wants no more of them: the rest is still the next to come.
      this.#forget(at)
    }
  }

  #forget(length: number): void {
    this.#bytes.copyWithin(0, length, this.#have)
    this.#have -= length
    // A hello of megabytes must not keep its room for as long as the job runs.
    if (this.#have === 0 && this.#bytes.length > 4 * payloadLimits.other) this.#bytes = Buffer.alloc(1024)
  }

  #payloadLength(at: number): number {
    const type = this.#bytes[at + 4]!
    const length = this.#bytes.readUInt32BE(at)
    const limit = this.#limit(type)
    if (limit === undefined) throw new PacelineError('E_DOOR_PROTOCOL', `a frame of type ${type}`)
    if (length > limit) {
      throw new PacelineError(
        'E_DOOR_PROTOCOL',
        `a frame of type ${type} with ${length} bytes, over ${limit}`,
      )
    }
    return length
  }

  #store(chunk: Uint8Array): void {
    const needed = this.#have + chunk.length
    if (needed > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * this.#bytes.length))
      this.#bytes.copy(larger, 0, 0, this.#have)
      this.#bytes = larger
    }
    this.#bytes.set(chunk, this.#have)
    this.#have = needed
  }
}
