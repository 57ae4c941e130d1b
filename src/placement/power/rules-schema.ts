import { z } from 'zod'
import { type PowerRules, usualRules } from './power-rules.ts'
import { readHours, type WeeklyHours } from './weekly-hours.ts'

const hours = z.string().transform((text, context): WeeklyHours => {
  const read = readHours(text)
  if (read) return read
  context.addIssue({ code: 'custom', message: `"${text}" is not like 18:00-23:00 or mon-fri 18:00-23:00` })
  return z.NEVER
})

const nodeHours = z.strictObject({ hours, nodes: z.array(z.string()).min(1).optional() })

/** The keys of the house's rules, each of which may be left out. */
export const rulesShape = {
  totalCapWatts: z.number().positive().nullable().optional(),
  keepWarm: z.array(z.strictObject({ hours, nodes: z.int().min(1) })).optional(),
  quiet: z.array(nodeHours).optional(),
  maintenance: z.array(nodeHours).optional(),
  minOnSeconds: z.number().min(0).optional(),
  minOffSeconds: z.number().min(0).optional(),
  startSet: z.int().min(0).optional(),
  margin: z.number().min(1).optional(),
}

const written = z.strictObject(rulesShape)

/** The house's rules for power, as they are written in a file; what is left out is as usual. */
export const rulesSchema = written.transform(rulesFrom)

/** Rules with all that was left out as usual. */
export function rulesFrom(rules: z.output<typeof written>): PowerRules {
  const named = (list: z.infer<typeof nodeHours>[] | undefined) =>
    list?.map(({ hours: when, nodes }) => ({ hours: when, ...(nodes && { nodes }) })) ?? []
  return {
    ...usualRules,
    totalCapWatts: rules.totalCapWatts ?? usualRules.totalCapWatts,
    keepWarm: rules.keepWarm ?? usualRules.keepWarm,
    ...{ quiet: named(rules.quiet), maintenance: named(rules.maintenance) },
    minOnSeconds: rules.minOnSeconds ?? usualRules.minOnSeconds,
    minOffSeconds: rules.minOffSeconds ?? usualRules.minOffSeconds,
    startSet: rules.startSet ?? usualRules.startSet,
    margin: rules.margin ?? usualRules.margin,
  }
}
