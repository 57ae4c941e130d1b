import { setTimeout as sleep } from 'node:timers/promises'

/** A node that has not answered by then is a slow one, and the sound need not wait for it. */
const pictureMs = 30

/**
 * In which order a session's orders go out. A viewer waits for the picture: until its node has answered, nothing else
 * is made up here, for the head also passes the order on. And no order overtakes the grant that it is about.
 */
export class GrantTurns {
  #picture: Promise<unknown> = Promise.resolve()
  readonly #waiting = new Map<string, Promise<void>>()

  /** Grants pictures now. `send` resolves when the node has answered, and does not reject. */
  picture(send: () => Promise<void>): void {
    this.#picture = send()
  }

  /** Grants pictures as soon as `ready` resolves, and never when it rejects. Orders about them wait as long. */
  pictureAfter(attempt: string, ready: Promise<unknown>, send: () => Promise<void>): void {
    let answered = Promise.resolve()
    const turn = ready.then(
      () => {
        this.#waiting.delete(attempt)
        answered = send()
      },
      () => void this.#waiting.delete(attempt),
    )
    this.#waiting.set(attempt, turn)
    this.#picture = turn.then(() => answered)
  }

  /** Grants something else, once the pictures granted last are answered or take too long. */
  other(attempt: string, send: () => void): void {
    const turn = Promise.race([this.#picture, sleep(pictureMs)]).then(() => {
      this.#waiting.delete(attempt)
      send()
    })
    this.#waiting.set(attempt, turn)
  }

  /** Sends an order about an attempt: now, or right after its grant. */
  about(attempt: string, send: () => void): void {
    const turn = this.#waiting.get(attempt)
    if (turn === undefined) send()
    else void turn.then(send)
  }
}
