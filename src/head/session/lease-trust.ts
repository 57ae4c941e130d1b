import type { EndedReport } from '../../cluster/messages.ts'
import { kindOfWork } from '../../placement/kind-of-work.ts'
import type { Plan } from '../../plan/plan.ts'
import type { RungName } from '../../platforms/rungs.ts'
import type { TrustKeeper } from '../trust/trust-keeper.ts'
import type { CarriedLease } from './lease-carrier.ts'

/** Tells the keeper of trust what becomes of one session's leases, and asks it who may have them. */
export interface LeaseTrust {
  /** Whether a node may make the pictures on this platform, by this one of its ways. */
  mayPicture(node: string, platform: string, rung?: RungName): boolean
  /** Whether a node may make the sound on one of its platforms. */
  maySound(node: string, platforms: readonly string[]): boolean
  made(lease: CarriedLease, segment: number): void
  /** A segment was not what it should be. `ownLook`: only another encoder's, and nobody's fault. */
  refused(lease: CarriedLease, segment: number, why: string, ownLook: boolean): void
  ended(lease: CarriedLease, report: EndedReport): void
  /** The node could not begin. */
  notBegun(lease: CarriedLease, reason: string): void
  close(): void
}

/** What the network is to blame for, or the head: the node may be as good as any. */
const notItsWork = /paceline: (input \d+ could not be read|the head answers)/

/** For people, on one line. */
const mostReasonCharacters = 200

export function createLeaseTrust(keeper: TrustKeeper, session: string, plan: Plan): LeaseTrust {
  const refusals = new Map<string, string | null>()

  const fail = (lease: CarriedLease, segment: number, reason: string): void => {
    const { node, part, platform, rung } = lease
    if (platform === undefined) return
    const work = kindOfWork(plan, part, platform, rung)
    keeper.failed({ node, part, session, segment, reason, work, ...(rung && { isRung: true }) })
  }
  const mayDo = (node: string, part: string, platform: string) =>
    !keeper.anyKeptOff || keeper.mayDo(node, kindOfWork(plan, part, platform))
  return {
    mayPicture(node, platform, rung) {
      if (rung === undefined) return mayDo(node, 'video', platform)
      const work = kindOfWork(plan, 'video', platform, rung)
      return keeper.mayDo(node, work) && !keeper.isDoubted(session, node, work)
    },
    maySound: (node, platforms) => platforms.some((platform) => mayDo(node, 'audio', platform)),
    made({ node, part, platform, rung }, segment) {
      const work = platform === undefined ? {} : { work: kindOfWork(plan, part, platform, rung) }
      keeper.made({ node, part, session, segment, ...work })
    },
    refused(lease, segment, why, ownLook) {
      refusals.set(lease.attempt, ownLook ? null : `segment ${segment} was refused: ${why}`)
    },
    ended(lease, report) {
      const refusal = refusals.get(lease.attempt)
      refusals.delete(lease.attempt)
      if (report.outcome !== 'failed' || refusal === null) return
      if (refusal !== undefined) fail(lease, report.next, refusal)
      else if (!notItsWork.test(report.stderr)) fail(lease, report.next, lastWords(report))
    },
    notBegun: (lease, reason) => fail(lease, lease.from, reason),
    close: () => keeper.sessionOver(session),
  }
}

/** What the agent says itself comes last. */
function lastWords({ stderr, exitCode }: EndedReport): string {
  const last =
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^paceline: /, '') ?? ''
  return last === '' ? `ffmpeg ended with ${exitCode}` : last.slice(0, mostReasonCharacters)
}
