import type { Logger } from 'pino'
import { type Failure, type KeptOff, type Made, TrustBook } from '../../placement/trust.ts'
import type { Fleet } from '../fleet.ts'

/** What people are told of a kind of work that a node is kept off. */
export interface KeptOffStatus {
  readonly work: string
  readonly reason: string
  /** Seconds until the node is asked to prove itself. */
  readonly proofInSeconds: number
}

/** Keeps the book of trust for a running head, and has nodes prove themselves again. */
export interface TrustKeeper {
  failed(failure: Failure): void
  made(made: Made): void
  sessionOver(session: string): void
  mayDo(node: string, work: string): boolean
  /** Whether a node has failed at this work in a session, and it is still open whether that was its fault. */
  isDoubted(session: string, node: string, work: string): boolean
  /** Whether it is worth asking at all. */
  readonly anyKeptOff: boolean
  keptOff(node: string): readonly KeptOffStatus[]
  /** Nodes came, started anew or have proved themselves: to be called before work is shared out. */
  look(): void
  close(): void
}

export interface TrustKeeperOptions {
  readonly fleet: Pick<Fleet, 'node' | 'order'>
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** Who may do what has changed. */
  readonly onChange: () => void
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Pauses are many seconds long. */
const lookEveryMs = 1_000

/** The process that was not trusted, and how often it had proved its platforms when it was asked last. */
interface Suspect {
  readonly boot: string | undefined
  askedAfterProofs: number | null
}

export function createTrustKeeper({ fleet, now, onChange, log }: TrustKeeperOptions): TrustKeeper {
  const book = new TrustBook()
  const suspects = new Map<string, Suspect>()

  const nameOf = (node: string): string => fleet.node(node)?.name ?? node
  const lost = ({ node, work, reason, pauseMs }: KeptOff): void => {
    suspects.set(node, { boot: fleet.node(node)?.beat.boot, askedAfterProofs: null })
    const fields = { code: 'E_NODE_TRUST', node: nameOf(node), work, reason, pauseSeconds: pauseMs / 1000 }
    log.warn(fields, 'a node is kept off a kind of work until it has proved itself')
  }
  const regained = (node: string, works: readonly string[]): void => {
    for (const work of works) log.info({ node: nameOf(node), work }, 'a node may do a kind of work again')
    if (book.keptOff(node).length === 0) suspects.delete(node)
  }

  /** Whether anything has changed. */
  const lookAt = (id: string, suspect: Suspect): boolean => {
    const beat = fleet.node(id)?.beat
    if (!beat) return false
    const { boot, askedAfterProofs } = suspect
    const hasStartedAnew = boot !== undefined && beat.boot !== boot
    const hasProved = askedAfterProofs !== null && (beat.proofs ?? 0) > askedAfterProofs
    if (!hasStartedAnew && !hasProved) return false
    suspects.set(id, { boot: beat.boot, askedAfterProofs: null })
    regained(id, book.proved(id, beat.platforms, now()))
    return true
  }
  const ask = async (id: string): Promise<void> => {
    const proofs = fleet.node(id)?.beat.proofs ?? 0
    const suspect = suspects.get(id)
    if (!suspect || !fleet.node(id)) return
    suspect.askedAfterProofs = proofs
    const outcome = await fleet.order(id, { type: 'prove' })
    // An agent of a former release does not know how.
    if (!outcome.answered || outcome.reply.ok) return
    regained(id, book.onProbation(id, now()))
    onChange()
  }
  const timer = setInterval(() => {
    for (const id of book.due(now())) void ask(id)
  }, lookEveryMs)

  return {
    failed(failure) {
      book.failed(failure)
      if (!failure.isRung) return
      const { node, work, session, reason } = failure
      const fields = { code: 'E_RUNG_FAILED', node: nameOf(node), work, session, reason }
      log.warn(fields, 'a way of making pictures has failed on a node: it goes on by another')
      onChange()
    },
    made(made) {
      const losses = book.made(made, now())
      for (const loss of losses) lost(loss)
      if (losses.length > 0) onChange()
    },
    sessionOver: (session) => book.sessionOver(session),
    get anyKeptOff() {
      return book.anyKeptOff
    },
    mayDo: (node, work) => book.mayDo(node, work),
    isDoubted: (session, node, work) => book.isDoubted(session, node, work),
    keptOff: (node) =>
      book.keptOff(node).map(({ work, reason, proofAtMs }) => ({
        ...{ work, reason, proofInSeconds: Math.max(0, Math.round((proofAtMs - now()) / 1000)) },
      })),
    look() {
      for (const [id, suspect] of suspects) lookAt(id, suspect)
    },
    close: () => clearInterval(timer),
  }
}
