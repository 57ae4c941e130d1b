import { setTimeout as sleep } from 'node:timers/promises'
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

/** Looks over the head's shoulder at the one session that begins after this. */
export interface SessionWatch {
  /** What has arrived so far, in order of arrival; nothing before the session begins. */
  arrivals(): Promise<readonly Arrival[]>
  /** Resolves when the session is over, or after two seconds: a session that is killed ends in less. */
  untilOver(): Promise<void>
}

/** @param title of the session, the input's name: others may be running at the same time. */
export async function watchSession(client: ApiClient, title: string): Promise<SessionWatch> {
  const all = ({ sessions, recent }: Status) => [...sessions, ...recent]
  const status = () => client.get<Status>('/status')
  const before = new Set(all(await status()).map(({ id }) => id))
  const isOurs = (listed: Listed) => listed.title === title && !before.has(listed.id)
  return {
    arrivals: async () => all(await status()).find(isOurs)?.arrivals ?? [],
    async untilOver() {
      const giveUpAt = performance.now() + 2_000
      while ((await status()).sessions.some(isOurs) && performance.now() < giveUpAt) await sleep(20)
    },
  }
}
