import { z } from 'zod'
import type { Capabilities } from '../platforms/capabilities.ts'
import type { KeptLogLine } from './log-ring.ts'
import {
  type Beat,
  type BeatPower,
  type JoinRequest,
  nodeIdPattern,
  type OrderReply,
  type Report,
} from './messages.ts'

/**
 * What the head accepts from nodes. Every text and list has a bound, so that a broken or hostile node costs no more
 * than its message; unknown fields are dropped, so that a newer node may say more.
 */
const id = z.string().regex(nodeIdPattern)
const attempt = z.string().min(1).max(200)
const segment = z.int().min(0)
const label = z.string().min(1).max(200)

const leaseProgress = z.object({
  attempt,
  next: segment,
  frames: z.number().min(0),
  speed: z.number().min(0),
})

/** More than any one machine draws. */
const mostWatts = 10_000

const beatPower: z.ZodType<BeatPower> = z.object({
  watts: z.number().min(0).max(mostWatts),
  basis: z.enum(['measured', 'modelled']),
  boundary: z.enum(['chip', 'module', 'board', 'port', 'wall']),
  source: label,
})

const health = z.object({
  load: z.number().min(0).max(1).exactOptional(),
  celsius: z.number().min(-60).max(200).exactOptional(),
})

const beat: z.ZodType<Beat> = z.object({
  node: id,
  name: label,
  boot: label,
  machine: label.exactOptional(),
  contract: z.int().min(0),
  version: label,
  platforms: z.array(label).max(64),
  cores: z.int().min(1).max(4_096),
  leases: z.array(leaseProgress).max(1_000),
  leaving: z.literal(true).exactOptional(),
  proofs: z.int().min(0).exactOptional(),
  capabilities: label.exactOptional(),
  troubles: z.array(label).max(8).exactOptional(),
  power: beatPower.exactOptional(),
  health: health.exactOptional(),
})

const report: z.ZodType<Report> = z.object({
  type: z.literal('ended'),
  node: id,
  attempt,
  outcome: z.enum(['clean', 'stopped', 'failed']),
  next: segment,
  exitCode: z.int().nullable(),
  stderr: z.string().max(4_000),
  cpuSeconds: z.number().min(0).exactOptional(),
})

const speed = z.number().positive().exactOptional()
const proved = z.object({ name: label, bits: z.int().min(1).max(16), framesPerSecond: speed })

/** Lists are as long as tables of chips may get; words of ffmpeg's are cut by the node. */
const capabilities: z.ZodType<Capabilities> = z.object({
  fingerprint: label,
  ffmpeg: z.object({ version: label, lacks: z.array(label).max(256) }),
  renderNode: z
    .string()
    .regex(/^\/dev\/dri\/renderD\d{1,4}$/)
    .exactOptional(),
  decoders: z.array(proved.extend({ codec: label })).max(256),
  filters: z.array(label).max(256),
  encoders: z.array(proved).max(256),
  failed: z
    .array(z.object({ what: label, why: z.string().max(4_000) }))
    .max(256)
    .exactOptional(),
  atOnce: z.int().min(1).max(1_000).exactOptional(),
})

const logLine: z.ZodType<KeptLogLine> = z.object({
  atMs: z.number(),
  level: z.enum(['debug', 'info', 'warning', 'error', 'fatal']),
  message: z.string().max(2_000),
  session: label.exactOptional(),
  fields: z.record(label, z.unknown()),
})

const orderReply: z.ZodType<OrderReply> = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    capabilities: z.record(label, capabilities).exactOptional(),
    log: z.array(logLine).max(1_000).exactOptional(),
  }),
  z.object({ ok: z.literal(false), code: label, message: z.string().max(4_000) }),
])

const nodeName = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}]{1,64}$/u, 'a name has 1 to 64 characters')

const joinRequest: z.ZodType<JoinRequest> = z.object({
  token: label,
  secret: z.string().min(1).max(256),
  publicKey: z.string().regex(/^U[A-Z2-7]{55}$/),
  name: nodeName,
  contract: z.int().min(0),
  version: label,
})

/** Throws a ZodError. */
export const parseJoinRequest = (value: unknown): JoinRequest => joinRequest.parse(value)

/** A message that passed, or why it did not. */
export type Checked<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly why: string }

export const checkBeat = (bytes: Uint8Array, node: string) => checkFrom(beat, bytes, node)
export const checkReport = (bytes: Uint8Array, node: string) => checkFrom(report, bytes, node)
export const checkOrderReply = (bytes: Uint8Array) => check(orderReply, bytes)

/** `node` is the one that the subject names, and the server lets nobody else publish there. */
function checkFrom<T extends { readonly node: string }>(
  schema: z.ZodType<T>,
  bytes: Uint8Array,
  node: string,
) {
  const checked = check(schema, bytes)
  if (!checked.ok || checked.message.node === node) return checked
  return { ok: false, why: `it speaks for ${checked.message.node}` } as const
}

function check<T>(schema: z.ZodType<T>, bytes: Uint8Array): Checked<T> {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (error) {
    return { ok: false, why: `not JSON: ${(error as Error).message}` }
  }
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, message: result.data }
  return {
    ok: false,
    why: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
  }
}
