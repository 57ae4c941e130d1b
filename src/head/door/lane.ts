import { PacelineError } from '../../errors.ts'

/** Sends one request and resolves with its answer. What is large comes as a body of its own and is not copied. */
export type Ask = (payload: Buffer, body?: Uint8Array) => Promise<Buffer>

/**
 * Requests of one kind on a shim's connection. The shim takes one at a time, so whoever comes later waits for those
 * before.
 */
export class Lane {
  readonly #send: (payload: Buffer, body?: Uint8Array) => boolean
  #tail: Promise<unknown> = Promise.resolve()
  #awaited: { resolve: (answer: Buffer) => void; reject: (error: Error) => void } | undefined
  #gone: PacelineError | undefined

  /** `send` says false when the job is not the head's any more. */
  constructor(send: (payload: Buffer, body?: Uint8Array) => boolean) {
    this.#send = send
  }

  /** Runs a turn of one or more requests that nobody's other request comes between. Rejects with E_HANDS_GONE. */
  run<T>(turn: (ask: Ask) => Promise<T>): Promise<T> {
    const run = this.#tail.then(() => turn((payload, body) => this.#ask(payload, body)))
    this.#tail = run.catch(() => undefined)
    return run
  }

  /** Takes an answer of the shim. PacelineError E_DOOR_PROTOCOL when nothing was asked. */
  answer(payload: Buffer): void {
    const awaited = this.#awaited
    if (!awaited) throw new PacelineError('E_DOOR_PROTOCOL', 'an answer to nothing')
    this.#awaited = undefined
    awaited.resolve(payload)
  }

  /** The connection has ended: what waits for an answer, and what comes later, fails. */
  close(): void {
    this.#gone ??= new PacelineError('E_HANDS_GONE', 'the shim has gone')
    this.#awaited?.reject(this.#gone)
    this.#awaited = undefined
  }

  #ask(payload: Buffer, body?: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(this.#gone)
      this.#awaited = { resolve, reject }
      if (!this.#send(payload, body)) this.close()
    })
  }
}
