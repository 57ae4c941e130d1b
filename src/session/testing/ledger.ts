import type { GrantAction, SessionAction } from '../actions.ts'
import type { SessionSpec } from '../spec.ts'

interface LiveLease {
  readonly grant: GrantAction
  to: number
  until: number
  next: number
  movedMs: number
}

/** Watches what a session orders and throws at the first thing that must never happen. */
export class Ledger {
  readonly published: number[] = []
  readonly counts = { grants: 0, doubles: 0, cuts: 0, extends: 0, cancels: 0 }
  confirmed: number
  isThrottled = false
  listed = new Set<string>()
  outcome: SessionAction | null = null
  readonly #spec: SessionSpec
  readonly #ends: ReadonlyMap<string, number>
  readonly #whole = new Map<string, Set<number>>()
  readonly #live = new Map<string, LiveLease>()
  readonly #attempts = new Set<string>()
  readonly #doubled = new Set<string>()

  constructor(spec: SessionSpec, ends: ReadonlyMap<string, number>) {
    this.#spec = spec
    this.#ends = ends
    this.confirmed = spec.firstSegment
    for (const part of spec.parts) this.#whole.set(part.name, new Set())
  }

  arrived(attempt: string, segment: number, nowMs: number): void {
    const lease = this.#live.get(attempt)!
    this.#whole.get(lease.grant.part)!.add(segment)
    if (segment >= lease.next) Object.assign(lease, { next: segment + 1, movedMs: nowMs })
  }

  /** The lease is over: reported, or its node was lost. */
  over(isOver: (grant: GrantAction) => boolean): void {
    for (const [attempt, lease] of this.#live) if (isOver(lease.grant)) this.#live.delete(attempt)
  }

  check(actions: readonly SessionAction[], nowMs: number): void {
    for (const action of actions) {
      if (this.outcome) throw new Error(`${action.type} after ${this.outcome.type}`)
      this.#checkOne(action, nowMs)
    }
    this.#checkOverlaps()
  }

  liveAttempts(): string[] {
    return [...this.#live.keys()]
  }

  #checkOne(action: SessionAction, nowMs: number): void {
    switch (action.type) {
      case 'grant':
        this.#checkGrant(action, nowMs)
        break
      case 'extend': {
        const lease = this.#leaseOf(action)
        this.counts.extends += 1
        if (action.until > lease.until) {
          this.#checkCredit(lease.grant, action.until)
          if (lease.next >= lease.until) lease.movedMs = nowMs
        } else {
          must(this.isThrottled, 'extend lowers the credit of a session that is not throttled')
          must(action.until > lease.next, `credit ${action.until} without the segment in hand ${lease.next}`)
        }
        lease.until = action.until
        break
      }
      case 'cut': {
        const lease = this.#leaseOf(action)
        const least = lease.next >= lease.until ? lease.next : lease.next + 1
        must(action.at < lease.to, 'cut does not lower the end')
        must(action.at >= least, `cut at ${action.at} below the segment in hand ${lease.next}`)
        this.counts.cuts += 1
        lease.to = action.at
        break
      }
      case 'cancel':
        this.#leaseOf(action)
        this.counts.cancels += 1
        this.#live.delete(action.attempt)
        break
      case 'publish':
        this.#checkPublish(action.segment)
        break
      default:
        must(this.#live.size === 0, `${action.type} with leases left`)
        this.outcome = action
    }
  }

  #checkGrant(action: GrantAction, nowMs: number): void {
    must(this.listed.has(action.node), `grant to ${action.node}, which is not listed`)
    must(!this.#attempts.has(action.attempt), 'attempt used twice')
    must(action.from < action.to && action.until > action.from, 'empty grant')
    this.#checkCredit(action, action.until)
    this.counts.grants += 1
    this.#attempts.add(action.attempt)
    if (action.doubles !== null) {
      const doubled = this.#leaseOf({ type: 'grant', attempt: action.doubles })
      must(doubled.grant.part === action.part, 'doubles a lease of another part')
      // What is too short for a whole segment may be out already: then it is behind the last whole one.
      must(action.from >= doubled.next, `doubles ${action.doubles} at ${action.from}, which it has delivered`)
      must(doubled.grant.node !== action.node, `${action.node} doubles its own lease`)
      must(!this.#doubled.has(action.doubles), `doubles ${action.doubles} twice`)
      this.#doubled.add(action.doubles)
      this.counts.doubles += 1
    }
    const { to, until, from } = action
    this.#live.set(action.attempt, { grant: action, to, until, next: from, movedMs: nowMs })
  }

  #checkCredit(grant: GrantAction, until: number): void {
    if (this.#spec.mode === 'file') return
    if (this.isThrottled)
      must(until <= this.confirmed + 3, `credit ${until} while throttled at ${this.confirmed}`)
    const isTrailing = grant.part !== this.#spec.parts[0]!.name && this.#isReferenceWhole()
    if (isTrailing) return
    let seconds = 0
    for (let segment = this.confirmed; segment < until; segment += 1)
      seconds += this.#spec.segmentSeconds(segment)
    const isInside = seconds <= this.#spec.policy.lookAheadSeconds + 1e-9 || until <= this.confirmed + 3
    must(isInside, `credit ${until} is ${seconds} s past ${this.confirmed}`)
  }

  #checkPublish(segment: number): void {
    must(segment === this.confirmed, `published ${segment} in place of ${this.confirmed}`)
    must(this.published.at(-1) !== segment, `published ${segment} twice`)
    for (const part of this.#spec.parts) {
      const isThere = this.#whole.get(part.name)!.has(segment) || segment >= this.#ends.get(part.name)!
      must(isThere, `published ${segment} without its ${part.name}`)
    }
    this.published.push(segment)
  }

  /** Two leases may owe the same segment only when one of them was declared too late with just that one. */
  #checkOverlaps(): void {
    const leases = [...this.#live.values()]
    for (const [index, one] of leases.entries()) {
      for (const other of leases.slice(index + 1)) {
        if (one.grant.part !== other.grant.part) continue
        const first = Math.max(one.next, other.next)
        const whole = this.#whole.get(one.grant.part)!
        for (let segment = first; segment < Math.min(one.to, other.to); segment += 1) {
          if (whole.has(segment)) continue
          const isLate = [one, other].some((lease) => this.#isDoubledAt(lease, segment))
          must(isLate, `${one.grant.attempt} and ${other.grant.attempt} both make ${segment}`)
        }
      }
    }
  }

  #isDoubledAt(lease: LiveLease, segment: number): boolean {
    // A segment that is too short for a whole one is there for the session, and the one behind it in hand.
    return lease.to <= segment + 2 && this.#doubled.has(lease.grant.attempt)
  }

  #isReferenceWhole(): boolean {
    const reference = this.#spec.parts[0]!.name
    return this.#whole.get(reference)!.size === this.#ends.get(reference)! - this.#spec.firstSegment
  }

  #leaseOf(action: { readonly type: string; readonly attempt: string }): LiveLease {
    const lease = this.#live.get(action.attempt)
    if (!lease) throw new Error(`${action.type} of ${action.attempt}, which is not live`)
    return lease
  }
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}
