import { z } from 'zod'
import type { Access, IssuedToken, Problem } from '../contract/access.ts'
import type { LocalJobView } from '../contract/local-job.ts'
import type { LogLine, NodeDetail } from '../contract/node-detail.ts'
import type { LeaseView, NodeView } from '../contract/node-view.ts'
import type { AllSegments, SessionDetail } from '../contract/session-detail.ts'
import type { SegmentView, SessionView } from '../contract/session-view.ts'
import type { Snapshot } from '../contract/snapshot.ts'

/** The contract of views as schemas, for the OpenAPI document; the compiler holds each against its type. */

const text = z.string()
const texts = z.array(text)
/** Milliseconds since 1970 by the head's clock. */
const atMs = z.number()
const count = z.int().min(0)
const segment = z.int().min(0)
const watts = z.strictObject({ value: z.number(), source: z.enum(['measured', 'modelled']) })

export const leaseView: z.ZodType<LeaseView> = z.strictObject({
  ...{ attempt: text, session: text, node: text, part: text },
  ...{ from: segment, to: segment, next: segment, isHedge: z.boolean(), isCut: z.boolean() },
})

export const nodeView: z.ZodType<NodeView> = z.strictObject({
  ...{ id: text, name: text },
  state: z.enum([
    ...(['off', 'asleep', 'waking', 'ready', 'busy', 'draining'] as const),
    ...(['drained', 'going-to-sleep', 'failed', 'away', 'outdated'] as const),
  ]),
  ...{ sinceMs: atMs.nullable(), readyAtMs: atMs.nullable(), watts: watts.nullable() },
  ...{ load: z.number().min(0).max(1).nullable(), celsius: z.number().nullable() },
  ...{ cores: count.nullable(), version: text.nullable(), speed: z.number().nullable() },
  proof: z.strictObject({ proved: count, failed: count, platforms: texts, keptOff: count }).nullable(),
  leases: z.array(leaseView),
  isFirstResponder: z.boolean(),
  keepWarmUntilMs: atMs.nullable(),
  hasPowerControl: z.boolean(),
  troubles: texts,
})

export const segmentView: z.ZodType<SegmentView> = z
  .tuple([segment, text, text, atMs.nullable(), count])
  .describe('number, node that made it, attempt, when it was published, flags: 1 hedged, 2 leased again')

export const sessionView: z.ZodType<SessionView> = z.strictObject({
  ...{ id: text, title: text, dialect: z.enum(['plex', 'jellyfin', 'paceline']), job: text },
  mode: z.enum(['stream', 'file']),
  state: z.enum(['starting', 'running', 'waiting', 'throttled', 'finished', 'killed', 'failed', 'local']),
  ...{ startedAtMs: atMs, endedAtMs: atMs.nullable(), speed: z.number().nullable() },
  player: z
    .strictObject({ positionSeconds: z.number(), leadSeconds: z.number(), isPaused: z.boolean(), atMs })
    .nullable(),
  timeline: z.strictObject({
    ...{ firstSegment: segment, endSegment: segment.nullable() },
    ...{ startSeconds: z.number(), segmentSeconds: z.number() },
  }),
  segments: z.array(segmentView),
  ...{ publishedSegments: count, hedges: count },
  cuts: z.array(z.strictObject({ atMs, part: text, segment, node: text })),
  leases: z.array(leaseView),
  ...{ waitsFor: texts, reason: text.nullable() },
})

export const localJobView: z.ZodType<LocalJobView> = z.strictObject({
  ...{ id: text, title: text, code: text.describe('of docs/local-jobs.md, or `head`'), reason: text },
  ...{ times: count, atMs },
})

export const snapshot: z.ZodType<Snapshot> = z.strictObject({
  head: z.strictObject({
    ...{ boot: text, version: text, startedAtMs: atMs, nowMs: atMs, observeOnly: z.boolean() },
    ...{ natsTrouble: text.nullable(), firstResponder: text, waitingForRoom: count },
    localJobs: z.array(localJobView),
  }),
  fleet: z.strictObject({
    ...{ watts: watts.nullable(), savedWatts: z.number().nullable() },
    month: z
      .strictObject({
        ...{ kwh: z.number(), savedKwh: z.number(), source: watts.shape.source },
        ...{ cost: z.number().nullable(), savedCost: z.number().nullable(), currency: text.nullable() },
      })
      .nullable(),
  }),
  nodes: z.array(nodeView),
  sessions: z.array(sessionView),
  recent: z.array(sessionView),
  sequence: count,
})

export const logLine: z.ZodType<LogLine> = z.strictObject({
  ...{ atMs, level: z.enum(['debug', 'info', 'warning', 'error', 'fatal']), from: text, message: text },
  ...{ session: text.nullable(), fields: z.record(text, z.unknown()) },
})

export const nodeDetail: z.ZodType<NodeDetail> = z.strictObject({
  node: nodeView,
  proofs: z.array(
    z.strictObject({
      ...{ platform: text, does: z.enum(['decode', 'filter', 'encode']), what: text },
      ...{ ok: z.boolean(), why: text.nullable() },
    }),
  ),
  keptOff: z.array(z.strictObject({ work: text, reason: text, proofInSeconds: z.number() })),
  history: z.array(z.strictObject({ atMs, what: text, why: text.nullable() })),
  decision: z.strictObject({ atMs, what: text, reason: text }).nullable(),
  log: z.array(logLine).nullable(),
})

export const sessionDetail: z.ZodType<SessionDetail> = z.strictObject({
  ...{ session: sessionView, plan: texts, received: texts.nullable() },
  ran: z.array(
    z.strictObject({
      ...{ attempt: text, node: text, part: text, from: segment, to: segment, atMs, way: text.nullable() },
      ...{ args: texts, why: text, reason: text.nullable() },
      outcome: z.enum(['clean', 'stopped', 'failed', 'lost']).nullable(),
    }),
  ),
  moments: z.array(
    z.strictObject({
      atMs,
      kind: z.enum(['begun', 'lease', 'hedge', 'cut', 'lost', 'failed', 'throttle', 'published', 'ended']),
      ...{ words: text, node: text.nullable(), segment: segment.nullable() },
    }),
  ),
  errors: z.array(z.strictObject({ atMs, code: text, message: text, hint: text.nullable() })),
  log: z.array(logLine),
  preview: text.nullable(),
})

export const allSegments: z.ZodType<AllSegments> = z.strictObject({ segments: z.array(segmentView) })

const role = z.enum(['admin', 'viewer'])

export const access: z.ZodType<Access> = z.strictObject({
  ...{ role: role.nullable(), csrf: text.nullable(), passwords: z.array(role) },
})

export const issuedToken: z.ZodType<IssuedToken> = z.strictObject({
  ...{ token: text, name: text.nullable(), validSeconds: count, command: text },
})

export const problem: z.ZodType<Problem> = z.strictObject({
  code: text.describe('of docs/errors.md'),
  message: text,
  hint: text.exactOptional(),
})

/** By their names in the document. */
export const components = {
  LeaseView: leaseView,
  NodeView: nodeView,
  SegmentView: segmentView,
  SessionView: sessionView,
  LocalJobView: localJobView,
  Snapshot: snapshot,
  LogLine: logLine,
  NodeDetail: nodeDetail,
  SessionDetail: sessionDetail,
  AllSegments: allSegments,
  Access: access,
  IssuedToken: issuedToken,
  Problem: problem,
} as const
