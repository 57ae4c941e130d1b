import type { EndedReport } from '../../../cluster/messages.ts'
import type { CarriedLease } from '../lease-carrier.ts'
import type { SessionEnd } from '../session-end.ts'
import { createPreviewTail, type PreviewTail } from './preview-tail.ts'
import { createSegmentStrip, type SegmentStrip } from './segment-strip.ts'

export type MomentKind =
  | 'begun'
  | 'lease'
  | 'hedge'
  | 'cut'
  | 'lost'
  | 'failed'
  | 'throttle'
  | 'published'
  | 'ended'

/** Something that happened in a session, in words. */
export interface Moment {
  readonly atMs: number
  readonly kind: MomentKind
  readonly words: string
  readonly node: string | null
  readonly segment: number | null
}

/** A lease that was cut at a segment. */
export interface Cut {
  readonly atMs: number
  readonly part: string
  readonly segment: number
  readonly node: string
}

/** What a node was told to run. */
export interface RanLease {
  readonly attempt: string
  readonly node: string
  readonly part: string
  readonly from: number
  readonly to: number
  readonly atMs: number
  readonly way: string | null
  readonly args: readonly string[]
  readonly why: string
  readonly outcome: EndedReport['outcome'] | 'lost' | null
  readonly reason: string | null
}

/** What is known of a lease when it is granted. */
export interface Granted {
  readonly to: number
  readonly args: readonly string[]
  readonly why: string
}

/**
 * What happened in a session, for whoever looks: the strip of its segments in full, all else bounded. Times are
 * milliseconds since 1970. It decides nothing and nobody waits for it.
 */
export interface Chronicle {
  readonly startedAtMs: number
  readonly endedAtMs: number | null
  readonly end: SessionEnd | null
  /** It failed, and the media server's own transcoder went on with it. */
  readonly isLocal: boolean
  readonly strip: SegmentStrip
  /** The end of what is published, for whoever looks at it now. */
  readonly preview: PreviewTail
  /** Since it began in this head, not bounded. */
  readonly counts: { readonly published: number; readonly cuts: number; readonly failures: number }
  readonly cuts: readonly Cut[]
  readonly ran: readonly RanLease[]
  readonly moments: readonly Moment[]
  /** Attempts that were begun beside another, and those that were cut, as long as they run. */
  isHedge(attempt: string): boolean
  isCut(attempt: string): boolean
  /** Seconds of source made in the last ten seconds, for each of them; null before anything was. */
  speed(): number | null
  granted(lease: CarriedLease, granted: Granted): void
  closed(lease: CarriedLease, report: EndedReport | null): void
  notBegun(lease: CarriedLease, reason: string): void
  hedged(attempt: string, segment: number): void
  cut(attempt: string, at: number): void
  /** All that a node had is lost. */
  nodeLost(node: string): void
  arrived(lease: CarriedLease, segment: number, seconds: number): void
  published(segment: number): void
  throttled(on: boolean): void
  over(end: SessionEnd): void
  wentLocal(): void
}

export interface ChronicleOptions {
  readonly firstSegment: number
  /** Milliseconds since 1970. */
  readonly wallNow: () => number
  /** Something is different; called often. `segment`: of that one. */
  readonly onChange?: (segment?: number) => void
}

export const mostMoments = 200
export const mostRan = 20
export const mostCuts = 50

/** Speed is what was made in so long. */
const speedWindowMs = 10_000

interface Open {
  readonly lease: CarriedLease
  to: number
  /** One past the highest segment that arrived. */
  next: number
  isHedge: boolean
  isCut: boolean
}

export function createChronicle(options: ChronicleOptions): Chronicle {
  return new SessionChronicle(options)
}

class SessionChronicle implements Chronicle {
  readonly startedAtMs: number
  readonly strip: SegmentStrip
  readonly preview: PreviewTail
  readonly cuts: Cut[] = []
  readonly ran: RanLease[] = []
  readonly moments: Moment[] = []
  endedAtMs: number | null = null
  end: SessionEnd | null = null
  isLocal = false
  readonly #options: ChronicleOptions
  readonly counts = { published: 0, cuts: 0, failures: 0 }
  readonly #open = new Map<string, Open>()
  /** Announced before its grant has been answered. */
  readonly #hedges = new Set<string>()
  #made: { readonly atMs: number; readonly seconds: number }[] = []
  #hasMade = false

  constructor(options: ChronicleOptions) {
    this.#options = options
    this.startedAtMs = options.wallNow()
    this.strip = createSegmentStrip(options.firstSegment)
    this.preview = createPreviewTail(options.wallNow)
    this.#note('begun', 'the session begins', null, options.firstSegment)
  }

  isHedge = (attempt: string): boolean => this.#open.get(attempt)?.isHedge ?? false
  isCut = (attempt: string): boolean => this.#open.get(attempt)?.isCut ?? false

  speed(): number | null {
    if (!this.#hasMade) return null
    const nowMs = this.#options.wallNow()
    this.#made = this.#made.filter(({ atMs }) => nowMs - atMs < speedWindowMs)
    const seconds = this.#made.reduce((sum, made) => sum + made.seconds, 0)
    const windowMs = Math.min(speedWindowMs, Math.max(1_000, nowMs - this.startedAtMs))
    return seconds / (windowMs / 1000)
  }

  granted(lease: CarriedLease, { to, args, why }: Granted): void {
    const { attempt, nodeName: node, part, from } = lease
    const isHedge = this.#hedges.delete(attempt)
    this.#open.set(attempt, { lease, to, next: from, isHedge, isCut: false })
    const running = { outcome: null, reason: null }
    const ran = { attempt, node, part, from, to, way: wayOf(lease), args, why, ...running }
    keep(this.ran, { ...ran, atMs: this.#options.wallNow() }, mostRan)
    this.#note('lease', `${part} from segment ${from} to ${node}: ${why}`, node, from)
  }

  closed(lease: CarriedLease, report: EndedReport | null): void {
    const open = this.#open.get(lease.attempt)
    if (!open) return
    this.#open.delete(lease.attempt)
    if (!report) {
      this.#settle(lease.attempt, 'stopped', null)
      return
    }
    const failed = report.outcome === 'failed'
    const reason = failed ? lastLine(report) : null
    this.#settle(lease.attempt, report.outcome, reason)
    if (!failed) return
    this.counts.failures += 1
    this.#leaseAgain(open)
    this.#note('failed', `${lease.part} of ${lease.nodeName}: ${reason}`, lease.nodeName, report.next)
  }

  notBegun(lease: CarriedLease, reason: string): void {
    this.counts.failures += 1
    this.#settle(lease.attempt, 'failed', reason)
    this.#note('failed', `${lease.nodeName} could not begin: ${reason}`, lease.nodeName, lease.from)
  }

  hedged(attempt: string, segment: number): void {
    this.#hedges.add(attempt)
    this.strip.hedged(segment)
    this.#note('hedge', `segment ${segment} would have come too late: a second lease`, null, segment)
  }

  cut(attempt: string, at: number): void {
    const open = this.#open.get(attempt)
    if (!open || at >= open.to) return
    const { part, nodeName: node } = open.lease
    open.to = at
    this.counts.cuts += 1
    open.isCut = true
    keep(this.cuts, { atMs: this.#options.wallNow(), part, segment: at, node }, mostCuts)
    this.#note('cut', `${part} of ${node} ends before segment ${at}`, node, at)
  }

  nodeLost(node: string): void {
    for (const open of this.#open.values()) {
      const { lease } = open
      if (lease.node !== node) continue
      this.#open.delete(lease.attempt)
      this.counts.failures += 1
      this.#leaseAgain(open)
      this.#settle(lease.attempt, 'lost', 'the node was lost')
      this.#note('lost', `${lease.part} of ${lease.nodeName} is lost`, lease.nodeName, open.next)
    }
  }

  arrived(lease: CarriedLease, segment: number, seconds: number): void {
    const open = this.#open.get(lease.attempt)
    if (open) open.next = Math.max(open.next, segment + 1)
    if (lease.part !== 'video') return
    this.strip.arrived(segment, lease.nodeName, lease.attempt)
    this.#hasMade = true
    this.#made.push({ atMs: this.#options.wallNow(), seconds })
    this.#options.onChange?.(segment)
  }

  published(segment: number): void {
    this.counts.published += 1
    this.strip.published(segment, this.#options.wallNow())
    // The first one is when the viewer sees something; the others stand in the strip.
    if (this.strip.publishedCount === 1)
      this.#note('published', 'the first segment is published', null, segment)
    this.#options.onChange?.(segment)
  }

  throttled(on: boolean): void {
    this.#note(
      'throttle',
      on ? 'the media server has enough for now' : 'the media server wants more',
      null,
      null,
    )
  }

  over(end: SessionEnd): void {
    this.preview.close()
    this.end = end
    this.endedAtMs = this.#options.wallNow()
    this.#open.clear()
    this.#note('ended', end.how === 'failed' ? `failed: ${end.reason}` : end.how, null, null)
  }

  wentLocal(): void {
    this.isLocal = true
    this.#note('ended', "the media server's own transcoder goes on", null, null)
  }

  #leaseAgain({ lease, next, to }: Open): void {
    if (lease.part === 'video') this.strip.missing(next, to)
  }

  #settle(attempt: string, outcome: NonNullable<RanLease['outcome']>, reason: string | null): void {
    const index = this.ran.findIndex((ran) => ran.attempt === attempt)
    const ran = this.ran[index]
    if (ran) this.ran[index] = { ...ran, outcome, reason }
    this.#options.onChange?.()
  }

  #note(kind: MomentKind, words: string, node: string | null, segment: number | null): void {
    keep(this.moments, { atMs: this.#options.wallNow(), kind, words, node, segment }, mostMoments)
    this.#options.onChange?.()
  }
}

function keep<T>(list: T[], item: T, most: number): void {
  list.push(item)
  if (list.length > most) list.shift()
}

function wayOf({ platform, rung }: CarriedLease): string | null {
  if (platform === undefined) return null
  return rung === undefined ? platform : `${platform}:${rung}`
}

/** What ffmpeg said last is what it ended of. */
function lastLine({ stderr, exitCode }: EndedReport): string {
  const line = stderr.trim().split('\n').at(-1)?.trim() ?? ''
  return line === '' ? `ffmpeg ended with ${exitCode}` : line
}
