import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { PacelineError } from '../errors.ts'
import { type LedgerBucket, openBucket } from './ledger-bucket.ts'
import { followConnection, type LinkState } from './link-state.ts'
import { inboxes } from './messages.ts'
import { type NatsAccess, openConnection } from './nats-access.ts'

export interface LedgerOptions<Session, Lease> {
  /** Random for each process of the head. */
  readonly writer: string
  readonly parseSession: (value: unknown) => Session | undefined
  readonly parseLease: (value: unknown) => Lease | undefined
  /**
   * The connection came back and keys that were there are gone (new server, emptied data folder): the caller,
   * who has the truth, puts everything again.
   */
  readonly onEmptied?: () => void
  readonly onError?: (error: Error) => void
}

/**
 * Sessions and leases as they would be found after a restart of the head: a cache of the truth, which is with the
 * shims, the files and the nodes. It has a connection of its own, so that it never stands before an order.
 */
export interface Ledger<Session, Lease> extends LinkState {
  readonly sessions: LedgerBucket<Session>
  readonly leases: LedgerBucket<Lease>
  readonly serverVersion: string
  readonly close: () => Promise<void>
}

const answerTimeoutMs = 2_000
const bucketNames = { sessions: 'paceline_sessions', leases: 'paceline_leases' } as const

/** Connects, and opens or makes both buckets. Throws E_NATS_CONNECT: no server, no entry, no JetStream. */
export async function openLedger<Session, Lease>(
  access: NatsAccess,
  options: LedgerOptions<Session, Lease>,
): Promise<Ledger<Session, Lease>> {
  const connection = await openConnection(access, 'paceline ledger', inboxes.head)
  let recover = async (): Promise<void> => undefined
  const state = followConnection(connection, {
    onUp: () => {
      recover().catch((error: Error) => options.onError?.(error))
    },
    ...(options.onError && { onError: options.onError }),
  })
  try {
    const buckets = await openBuckets(connection, state, options)
    recover = async () => {
      await openBuckets(connection, state, options)
      if (await forgetLost(buckets)) options.onEmptied?.()
    }
    const serverVersion = connection.info?.version ?? 'unknown'
    return { ...state, ...buckets, serverVersion, close: () => connection.close() }
  } catch (cause) {
    await connection.close()
    throw new PacelineError('E_NATS_CONNECT', `${new URL(access.url).host}: ${(cause as Error).message}`, {
      cause,
      hint: 'JetStream must be on: start that nats-server with --js.',
    })
  }
}

type Buckets<Session, Lease> = Pick<Ledger<Session, Lease>, 'sessions' | 'leases'>

async function openBuckets<Session, Lease>(
  connection: NatsConnection,
  { isUp }: LinkState,
  options: LedgerOptions<Session, Lease>,
): Promise<Buckets<Session, Lease>> {
  const manager = await jetstreamManager(connection, { timeout: answerTimeoutMs })
  const kvm = new Kvm(jetstream(connection, { timeout: answerTimeoutMs }))
  const { writer, parseSession, parseLease } = options
  const [sessions, leases] = await Promise.all([
    openBucket(kvm, manager, { name: bucketNames.sessions, writer, isUp, parse: parseSession }),
    openBucket(kvm, manager, { name: bucketNames.leases, writer, isUp, parse: parseLease }),
  ])
  return { sessions, leases }
}

/** Whether the server has lost anything. */
async function forgetLost<Session, Lease>(buckets: Buckets<Session, Lease>): Promise<boolean> {
  const results = await Promise.all([buckets.sessions.forgetLost(), buckets.leases.forgetLost()])
  for (const result of results) {
    if (!result.ok) throw new Error(`the ledger could not be checked: ${result.message}`)
  }
  return results.some((result) => result.ok && result.count > 0)
}
