import type { EndedReport } from '../../cluster/messages.ts'
import type { PublisherMemory } from '../../dialects/plex/publisher.ts'
import type { Plan } from '../../plan/plan.ts'
import type { SessionNode } from '../../session/events.ts'
import type { PartMemory } from '../../session/going-on.ts'
import type { SessionView } from '../../session/session.ts'
import type { SessionPolicy, SessionSpec } from '../../session/spec.ts'
import type { Verdict } from '../data/lease-book.ts'
import type { Staging } from '../data/staging.ts'
import type { FormerSession } from '../memory/former-sessions.ts'
import type { SessionMemory } from '../memory/session-memory.ts'
import type { Turnstile } from '../turnstile.ts'
import type { Chronicle } from './chronicle/chronicle.ts'
import type { CarriedLease, LeaseCarrier } from './lease-carrier.ts'
import type { LeaseTrust } from './lease-trust.ts'
import type { SessionOutput } from './output.ts'
import type { SessionEnd } from './session-end.ts'
import type { SessionTally } from './tally.ts'

export interface LiveSessionOptions {
  readonly id: string
  readonly plan: Plan
  readonly mode: 'stream' | 'file'
  readonly attemptPrefix: string
  readonly staging: Staging
  readonly carrier: LeaseCarrier
  readonly output: SessionOutput
  /** Fonts that text in the picture may need. */
  readonly fonts?: readonly Buffer[]
  /** How leases are dealt out; the usual way unless told. */
  readonly policy?: SessionPolicy
  /** Of the head that began it; `staging` is what that left. */
  readonly past?: FormerSession | undefined
  /** Writes down what another head would need. */
  readonly memory?: SessionMemory | undefined
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** The head's own disk has no room for a segment, or has it again. */
  readonly onFull: (isFull: boolean) => void
  /** Whether a node is on its way, so that waiting for it is worth while. */
  readonly isNodeComing?: () => boolean
  /** So many bytes of segments passed through memory. */
  readonly handled?: (bytes: number) => void
  /** What is on its way to media servers, of all sessions together; not bounded unless told. */
  readonly publications?: Turnstile
  /** A segment of pictures was kept. */
  readonly onArrived?: (lease: CarriedLease, segment: number) => void
  /** The media server has had enough for now, or wants more again. */
  readonly onThrottle?: () => void
  /** See SessionSpec. */
  readonly reach?: SessionSpec['reach']
  /** Whether a lease that failed leaves anybody another way to make the same: then the segment is not to blame. */
  readonly hasOtherWay?: (lease: CarriedLease) => boolean
  /** Hears what becomes of segments; see LeaseTrust. */
  readonly trust?: Pick<LeaseTrust, 'made' | 'refused'> | undefined
  /** Is told what becomes of the session's leases. */
  readonly chronicle?: Pick<Chronicle, 'cut' | 'hedged' | 'nodeLost' | 'preview' | 'published' | 'throttled'>
}

/**
 * A job being carried out: gives the pure session its events and does what it asks for. It owns the order of
 * things (one event after the other) and nothing of the policy.
 */
export interface LiveSession {
  readonly id: string
  readonly plan: Plan
  readonly tally: SessionTally
  /** Seconds of source published, less the wall time since the first; a whole-file job has no player: Infinity. */
  leadSeconds(): number
  /** What its player has in hand, as far as it shows, and whether it is paused; see PlayerLead. */
  player(): { readonly leadSeconds: number; readonly isPaused: boolean }
  /** Nodes that it may use now. */
  readonly nodeIds: readonly string[]
  setNodes(nodes: readonly SessionNode[]): void
  nodeLost(node: string): void
  throttle(on: boolean): void
  /** The media server has enough for now. */
  readonly isThrottled: boolean
  /** As they stand now. */
  view(): SessionView
  /** The viewer has gone or the media server has killed the shim. */
  kill(): void
  /** What it needs beside its nodes has failed: it ends with that reason. */
  giveUp(error: Error): void
  verdict(attempt: string, segment: number): Verdict
  store(attempt: string, segment: number, bytes: Buffer): Promise<string | null>
  leaseEnded(report: EndedReport): void
  /** Its node does not know this lease. */
  leaseGone(attempt: string): void
  /** What is to be remembered of who works on it. */
  crew(): readonly PartMemory[]
  /**
   * The segment that is being published is about to be announced: resolves with what the shim is to show to another
   * head, should this one go; null when none could go on.
   */
  announcing(publisher: PublisherMemory): Promise<string | null>
  /** A lease's ffmpeg says that it has made so many seconds of source since the lease's first segment. */
  progress(attempt: string, madeSeconds: number): void
  /** Resolves when all is over and nothing is left on disk. */
  readonly ended: Promise<SessionEnd>
}
