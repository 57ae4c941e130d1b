import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../../errors.ts'
import type { ApiClient } from '../api-client.ts'

/** Which node made which segment. */
export interface Arrival {
  readonly segment: number
  readonly node: string
}

interface Listed {
  readonly id: string
  readonly title: string
  readonly arrivals: readonly Arrival[]
}

interface Status {
  readonly sessions: readonly Listed[]
  readonly recent: readonly Listed[]
}

/** Looks over the head's shoulder at the one session that begins after this. While it is away there is nothing new. */
export interface SessionWatch {
  /** What has arrived so far, in order of arrival; nothing before the session begins. */
  arrivals(): Promise<readonly Arrival[]>
  /** Resolves when the session is over, or after two seconds: a session that is killed ends in less. */
  untilOver(): Promise<void>
}

/** A head that hangs for so long is away: Ctrl-C must not wait for it. */
const answerMs = 1_000

/** @param title of the session, the input's name: others may be running at the same time. */
export async function watchSession(client: ApiClient, title: string): Promise<SessionWatch> {
  const all = ({ sessions, recent }: Status) => [...sessions, ...recent]
  const status = () => client.get<Status>('/status')
  const before = new Set(all(await status()).map(({ id }) => id))
  const isOurs = (listed: Listed) => listed.title === title && !before.has(listed.id)
  const answer = () =>
    status().catch((error: unknown) => {
      if (error instanceof PacelineError && error.code === 'E_HEAD_UNREACHABLE') return null
      throw error
    })
  const statusNow = () => Promise.race([answer(), sleep(answerMs, null, { ref: false })])
  /** By segment: a head that goes on with the session tells only of what has come to it. */
  const arrived = new Map<number, Arrival>()
  return {
    async arrivals() {
      const now = await statusNow()
      for (const arrival of (now && all(now).find(isOurs)?.arrivals) ?? []) {
        if (!arrived.has(arrival.segment)) arrived.set(arrival.segment, arrival)
      }
      return [...arrived.values()]
    },
    async untilOver() {
      const giveUpAt = performance.now() + 2_000
      while ((await statusNow())?.sessions.some(isOurs) && performance.now() < giveUpAt) await sleep(20)
    },
  }
}
