import type { EndedReport } from '../../cluster/messages.ts'
import type { Plan } from '../../plan/plan.ts'
import { type TextSource, type TextSpan, textLease } from '../../platforms/text-lease.ts'
import type { Verdict } from '../data/lease-book.ts'
import type { LeaseCarrier, LeaseHolder } from './lease-carrier.ts'

/** Leases that read text of a film: each delivers one file, and is tried on one node only. */
export interface TextLeases {
  /** What a node reads of this stretch; null when it fails, is lost, or takes too long. Does not reject. */
  read(node: string, span: TextSpan): Promise<Buffer | null>
  /** Whether the report is about one of these leases. */
  ended(report: EndedReport): boolean
  nodeLost(node: string): void
  close(): void
}

export interface TextLeasesOptions {
  /** The session's. */
  readonly id: string
  readonly plan: Plan
  /** Tells these leases from others of the session. */
  readonly name: string
  readonly text: TextSource
  readonly carrier: LeaseCarrier
}

interface TextRun {
  readonly node: string
  bytes: Buffer | null
  settle(result: Buffer | null): void
}

/** A film is read faster than twice its own speed, or something is wrong; and starting takes no longer than this. */
const patienceSeconds = (span: TextSpan): number =>
  30 + (Number.isFinite(span.to) ? (span.to - span.from) / 2 : 0)

/** More text than any film has. */
const mostTextBytes = 32 * 1024 * 1024

export function createTextLeases(options: TextLeasesOptions): TextLeases {
  const { id, plan, name, text, carrier } = options
  const runs = new Map<string, TextRun>()
  let counter = 0

  const end = (attempt: string, result: Buffer | null): void => {
    const run = runs.get(attempt)
    runs.delete(attempt)
    run?.settle(result)
  }
  const giveUp = (attempt: string): void => {
    carrier.order({ type: 'cancel', attempt })
    end(attempt, null)
  }
  const verdict = (attempt: string, segment: number): Verdict => {
    const run = runs.get(attempt)
    if (!run) return 'stale'
    if (segment !== 0) return 'gone'
    return run.bytes === null ? 'accept' : 'duplicate'
  }
  const holder: LeaseHolder = {
    ...{ id, plan, verdict },
    async store(attempt, _segment, bytes) {
      const run = runs.get(attempt)
      if (!run) return 'the lease is over'
      if (bytes.length > mostTextBytes) return 'more text than any film has'
      run.bytes = bytes
      return null
    },
    leaseGone: giveUp,
  }
  return {
    read: (node, span) =>
      new Promise((resolve) => {
        counter += 1
        const attempt = `${id}-${name}-${counter}`
        const timer = setTimeout(() => giveUp(attempt), patienceSeconds(span) * 1000)
        const settle = (result: Buffer | null) => {
          clearTimeout(timer)
          resolve(result)
        }
        runs.set(attempt, { node, bytes: null, settle })
        const range = { from: 0, to: 1, until: 1, open: false, failures: 0, doubles: null }
        const action = { type: 'grant' as const, attempt, node, part: name, ...range }
        carrier.grant(holder, action, { args: textLease(plan, text, span) }).then(
          (problem) => {
            if (problem) end(attempt, null)
          },
          () => giveUp(attempt),
        )
      }),
    ended(report) {
      const run = runs.get(report.attempt)
      if (!run) return false
      carrier.close(report.attempt, report)
      // What came of a lease that failed may lack its end.
      end(report.attempt, report.outcome === 'clean' ? run.bytes : null)
      return true
    },
    nodeLost(node) {
      for (const [attempt, run] of [...runs]) if (run.node === node) giveUp(attempt)
    },
    close() {
      for (const attempt of [...runs.keys()]) giveUp(attempt)
    },
  }
}
