import { JetStreamApiCodes, JetStreamApiError, JetStreamError } from '@nats-io/jetstream'
import {
  ClosedConnectionError,
  InvalidArgumentError,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node'

/**
 * Why a write did not happen, as a value. `conflict`: somebody else has written that key since, and the caller is
 * the stale one; `missing`: the key to update or remove is not known here; `unavailable`: no server or no bucket
 * at the moment; `refused`: the server will not have it (full, too large).
 */
export interface LedgerFailure {
  readonly ok: false
  readonly code: 'conflict' | 'missing' | 'unavailable' | 'refused'
  readonly message: string
}
export type LedgerResult = { readonly ok: true } | LedgerFailure
export type LedgerEntries<T> = { readonly ok: true; readonly entries: ReadonlyMap<string, T> } | LedgerFailure

/** Runs `action`; what servers and networks do to it becomes a value, anything else is a bug and thrown on. */
export async function failureAsValue<T>(action: () => Promise<T>): Promise<T | LedgerFailure> {
  try {
    return await action()
  } catch (error) {
    const code = failureCode(error)
    if (code === undefined) throw error
    return { ok: false, code, message: (error as Error).message }
  }
}

/** Which failure an error of the client is; undefined for one that is a bug. */
export function failureCode(error: unknown): LedgerFailure['code'] | undefined {
  if (error instanceof JetStreamApiError) {
    const { StreamWrongLastSequence, StreamWrongLastSequenceUnknown, StreamNotFound } = JetStreamApiCodes
    if (error.code === StreamWrongLastSequence || error.code === StreamWrongLastSequenceUnknown)
      return 'conflict'
    return error.code === StreamNotFound || error.status === 503 ? 'unavailable' : 'refused'
  }
  // Thrown for a message larger than the server's max_payload.
  if (error instanceof InvalidArgumentError) return 'refused'
  const passing = [TimeoutError, RequestError, NoRespondersError, ClosedConnectionError, JetStreamError]
  return passing.some((kind) => error instanceof kind) ? 'unavailable' : undefined
}
