import { z } from 'zod'

/** What orders and questions to the API say: checked when they come, and written into its OpenAPI document. */

const hourSeconds = 3_600

export const tokenRequest = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{1,64}$/u)
    .optional(),
  address: z
    .string()
    .max(253)
    .regex(/^(\[[\da-f:.]+\]|[\da-f:.]+|[^\s\p{Cc}/:@?#%[\]\\]+)$/iu, {
      error: 'it has to be the name or the address of this machine, without a port',
    })
    .optional(),
  /** Seconds for which it is good. */
  validSeconds: z.int().min(1).max(hourSeconds).default(hourSeconds),
})

export const observeRequest = z.strictObject({ on: z.boolean() })

/** As many as anybody reads at once. */
export const observedQuery = z.object({ last: z.coerce.number().int().min(1).max(10_000).default(100) })

export const drainRequest = z.strictObject({ force: z.boolean().default(false) })

/** Somebody who wakes a node by hand is about to watch something. */
const usualKeepMinutes = 15
const minutes = z
  .int()
  .min(0)
  .max(7 * 24 * 60)
export const wakeRequest = z.strictObject({ minutes: minutes.default(usualKeepMinutes) })
export const keepRequest = z.strictObject({ minutes })

/** Whoever looks for a film has found one by then. */
export const expectRequest = z.strictObject({ minutes: z.int().min(1).max(30).default(5) })

/** As many steps as a plot has room for. */
export const historyQuery = z.object({
  step: z.enum(['minute', 'hour', 'day']).default('hour'),
  last: z.coerce.number().int().min(1).max(3_000).default(48),
})

const role = z.enum(['admin', 'viewer'])
const password = z.string().max(1_024)

export const loginRequest = z.union([
  z.strictObject({ role, password }),
  z.strictObject({ key: z.string().min(1).max(100) }),
])

export const passwordOrder = z.strictObject({
  role,
  password: password.nullable(),
  present: password.optional(),
})

export const keyOrder = z.strictObject({ role: role.default('admin') })

export const logsQuery = z.object({
  session: z.string().max(200).optional(),
  node: z.string().max(200).optional(),
  /** Lines of each that is asked. */
  last: z.coerce.number().int().min(1).max(1_000).default(100),
})

export type LogsQuery = z.infer<typeof logsQuery>
