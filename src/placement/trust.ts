import { platformOfWork } from './kind-of-work.ts'

/** A lease that failed: at which segment of which part, and what its node said. */
export interface Failure {
  readonly node: string
  /** See kindOfWork. */
  readonly work: string
  readonly session: string
  readonly part: string
  readonly segment: number
  readonly reason: string
  /** It was one of several ways of a platform: leaving it costs little, and the first failure counts as the second. */
  readonly isRung?: boolean
}

/** `work`: by which kind of it, where that is known. */
export type Made = Pick<Failure, 'node' | 'session' | 'part' | 'segment'> & Partial<Pick<Failure, 'work'>>

/** A kind of work that a node gets none of until it has proved itself. */
export interface KeptOff {
  readonly node: string
  readonly work: string
  /** What it said when it failed last. */
  readonly reason: string
  readonly pauseMs: number
  /** When it is to prove itself. */
  readonly proofAtMs: number
}

/** So many failures at one kind of work are no accident. */
const mostFailures = 2
/** After the first loss of trust; each further one doubles it, */
const firstPauseMs = 30_000
/** up to this. */
const longestPauseMs = 3_600_000
/** What is older says nothing of today's driver. */
const rememberMs = 24 * 3_600_000
/** A node that has been asked to prove itself, and has not been heard of, is asked again. */
const askAgainMs = 60_000
/** Failures that wait for somebody else to do better; of older ones nobody will. */
const mostOpen = 1_000

interface Standing {
  /** Times of failures that count. */
  failures: readonly number[]
  losses: number
  lastLossMs: number
  reason: string
  /** Null while it is trusted. */
  keptOff: { pauseMs: number; proofAtMs: number } | null
}

/**
 * Which node is trusted with which kind of work, for all sessions. A failure counts once another node has made the same
 * segment, or the same node in another way: where all fail, it is the job. The second one costs the trust, for a pause
 * that doubles each time; a proof gives it back, but the next failure counts as the second.
 */
export class TrustBook {
  readonly #open = new Map<string, Failure[]>()
  readonly #nodes = new Map<string, Map<string, Standing>>()

  failed(failure: Failure): void {
    const key = keyOf(failure)
    this.#open.set(key, [...(this.#open.get(key) ?? []), failure])
    for (const oldest of this.#open.keys()) if (this.#open.size > mostOpen) this.#open.delete(oldest)
  }

  /** A segment has been made. Answers who has lost trust by that. */
  made(made: Made, nowMs: number): KeptOff[] {
    const key = keyOf(made)
    const failures = this.#open.get(key)
    if (!failures) return []
    this.#open.delete(key)
    // Who then made it himself, and in the same way, has shown that he can.
    const isRefuted = ({ node, work }: Failure) =>
      node === made.node && (made.work === undefined || made.work === work)
    return failures.flatMap((failure) => (isRefuted(failure) ? [] : this.#count(failure, nowMs)))
  }

  /** Whether a node has failed at this work in a session where nobody has made the segment yet. */
  isDoubted(session: string, node: string, work: string): boolean {
    for (const failures of this.#open.values())
      for (const failure of failures)
        if (failure.session === session && failure.node === node && failure.work === work) return true
    return false
  }

  /** What failed in a session that is over can be made by nobody any more. */
  sessionOver(session: string): void {
    for (const [key, [first]] of this.#open) if (first?.session === session) this.#open.delete(key)
  }

  mayDo(node: string, work: string): boolean {
    return (this.#nodes.get(node)?.get(work)?.keptOff ?? null) === null
  }

  keptOff(node: string): KeptOff[] {
    return [...(this.#nodes.get(node) ?? [])].flatMap(([work, { keptOff, reason }]) =>
      keptOff ? [{ node, work, reason, ...keptOff }] : [],
    )
  }

  get anyKeptOff(): boolean {
    return [...this.#nodes.keys()].some((node) => this.keptOff(node).length > 0)
  }

  /** Nodes whose pause is over: they are to be asked for a proof now, and count as asked. */
  due(nowMs: number): string[] {
    return [...this.#nodes].flatMap(([node, standings]) => {
      const over = [...standings.values()].flatMap(({ keptOff }) =>
        keptOff && keptOff.proofAtMs <= nowMs ? [keptOff] : [],
      )
      for (const keptOff of over) keptOff.proofAtMs = nowMs + askAgainMs
      return over.length > 0 ? [node] : []
    })
  }

  /** A node has proved these platforms, and no others. Answers the work that it may do again. */
  proved(node: string, platforms: readonly string[], nowMs: number): string[] {
    return [...(this.#nodes.get(node) ?? [])].flatMap(([work, standing]) => {
      if (!standing.keptOff) return []
      if (platforms.includes(platformOfWork(work))) {
        standing.keptOff = null
        standing.failures = [nowMs]
        return [work]
      }
      const pauseMs = Math.min(2 * standing.keptOff.pauseMs, longestPauseMs)
      standing.keptOff = { pauseMs, proofAtMs: nowMs + pauseMs }
      return []
    })
  }

  /** A node that cannot be asked is tried again: its next failure counts as the second. */
  onProbation(node: string, nowMs: number): string[] {
    const platforms = this.keptOff(node).map(({ work }) => platformOfWork(work))
    return this.proved(node, platforms, nowMs)
  }

  forget(node: string): void {
    this.#nodes.delete(node)
  }

  #count({ node, work, reason, isRung = false }: Failure, nowMs: number): KeptOff[] {
    const standings = this.#nodes.get(node) ?? new Map<string, Standing>()
    this.#nodes.set(node, standings)
    const former = standings.get(work)
    const failures = [...(former?.failures ?? []).filter((atMs) => nowMs - atMs < rememberMs), nowMs]
    const losses = former && nowMs - former.lastLossMs < rememberMs ? former.losses : 0
    const standing: Standing = {
      ...{ failures, losses, reason, lastLossMs: former?.lastLossMs ?? 0, keptOff: former?.keptOff ?? null },
    }
    standings.set(work, standing)
    if (failures.length < (isRung ? 1 : mostFailures) || standing.keptOff) return []
    const pauseMs = Math.min(firstPauseMs * 2 ** losses, longestPauseMs)
    standing.losses = losses + 1
    standing.lastLossMs = nowMs
    standing.keptOff = { pauseMs, proofAtMs: nowMs + pauseMs }
    return [{ node, work, reason, ...standing.keptOff }]
  }
}

const keyOf = ({ session, part, segment }: Made): string => `${session} ${part} ${segment}`
