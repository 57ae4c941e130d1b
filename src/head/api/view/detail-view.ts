import { type ErrorCode, errorTable } from '../../../errors.ts'
import type { FleetNode } from '../../fleet.ts'
import type { KeptOffStatus } from '../../trust/trust-keeper.ts'
import type { LogLine, NodeDecision, NodeDetail, NodeMoment, ProofRow } from '../contract/node-detail.ts'
import type { NodeView } from '../contract/node-view.ts'
import type { SessionDetail, SessionError } from '../contract/session-detail.ts'
import { planWords } from './plan-words.ts'
import { type SessionFacts, sessionView } from './session-view.ts'

/** What a page about one node shows. */
export interface NodeDetailFacts {
  readonly node: NodeView
  readonly present: FleetNode | undefined
  readonly keptOff: readonly KeptOffStatus[]
  readonly history: readonly NodeMoment[]
  readonly decision: NodeDecision | null
  readonly log: readonly LogLine[] | null
}

export function nodeDetail({ node, present, keptOff, history, decision, log }: NodeDetailFacts): NodeDetail {
  return {
    node,
    proofs: present ? proofRows(present) : [],
    keptOff: keptOff.map(({ work, reason, proofInSeconds }) => ({ work, reason, proofInSeconds })),
    history,
    decision,
    log,
  }
}

/** Platforms that tell no details (the processor, nodes of former releases) have one row. */
function proofRows({ platforms, capabilities }: FleetNode): ProofRow[] {
  const untold = platforms.filter((name) => !capabilities?.has(name))
  const told = [...(capabilities ?? [])].flatMap(
    ([platform, { decoders, filters, encoders, failed = [] }]) => {
      const good = { platform, ok: true, why: null }
      return [
        ...decoders.map(({ name, codec, bits }) => ({
          ...good,
          does: 'decode' as const,
          what: `${codec} ${bits}-bit by ${name}`,
        })),
        ...filters.map((what) => ({ ...good, does: 'filter' as const, what })),
        ...encoders.map(({ name, bits }) => ({
          ...good,
          does: 'encode' as const,
          what: `${name} ${bits}-bit`,
        })),
        ...failed.map(({ what, why }) => ({ platform, does: doesOf(what), what, ok: false, why })),
      ]
    },
  )
  const whole = untold.map((platform) => ({
    ...{ platform, does: 'encode' as const, what: 'a test clip from end to end', ok: true, why: null },
  }))
  return [...told, ...whole]
}

/** By the names of FFmpeg's programs: what failed says no more than how it is called. */
function doesOf(what: string): ProofRow['does'] {
  if (/encod|enc\b|_(nvenc|qsv|vaapi|v4l2m2m|rkmpp|amf|videotoolbox)/.test(what)) return 'encode'
  return /scale|tone|filter|overlay|format/.test(what) ? 'filter' : 'decode'
}

export interface SessionDetailFacts {
  readonly facts: SessionFacts
  readonly log: readonly LogLine[]
  readonly preview: string | null
}

export function sessionDetail({ facts, log, preview }: SessionDetailFacts): SessionDetail {
  const { about, chronicle } = facts
  return {
    session: sessionView(facts),
    plan: planWords(about.plan),
    received: about.received ?? null,
    ran: [...chronicle.ran],
    moments: [...chronicle.moments],
    errors: sessionErrors(facts),
    log,
    preview,
  }
}

/** What went wrong, each with its code of the table. */
function sessionErrors({ tally, chronicle, wallMs }: SessionFacts): SessionError[] {
  const failed = chronicle.moments
    .filter(({ kind }) => kind === 'failed' || kind === 'lost')
    .map(({ atMs, words, kind }) => told(atMs, kind === 'lost' ? 'E_NODE_LOST' : 'E_LEASE_FAILED', words))
  const waits = [...tally.waitsFor].map((what) => told(wallMs, 'E_SESSION_FAILED', what))
  const { end, endedAtMs } = chronicle
  const ended = end?.how === 'failed' ? [told(endedAtMs ?? wallMs, 'E_SESSION_FAILED', end.reason)] : []
  return [...failed, ...waits, ...ended]
}

/** What somebody said may name a code of its own, which says more than ours. */
function told(atMs: number, usual: ErrorCode, message: string): SessionError {
  const named = message.match(/\bE_[A-Z_]+\b/)?.[0]
  const code = named !== undefined && isCode(named) ? named : usual
  return { atMs, code, message, hint: errorTable[code].hint }
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code)
