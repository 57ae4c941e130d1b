import { z } from 'zod'
import { homeShape } from './home.ts'
import { readYaml } from './read-yaml.ts'
import { eveningHours, type WorkloadShape } from './workload-shape.ts'

const streamSchema = z.strictObject({
  demand: z.number().positive(),
  platforms: z.array(z.string()).min(1).default(['software']),
  weight: z.number().positive().default(1),
})

/** Streams that are taken as they were, from a playback export. */
const exportSchema = z.strictObject({
  name: z.string().optional(),
  export: z.string().min(1),
  stream: streamSchema.default({ demand: 1, platforms: ['software'], weight: 1 }),
  /** Share of what was played that is transcoded, where the export does not say. */
  transcoded: z.number().min(0).max(1).default(1),
})

/** One a minute; with more there is nothing left that is watched. */
const mostPerHour = 60

const shapeSchema = z.strictObject({
  name: z.string().default('workload'),
  perDay: z.number().positive(),
  hours: z
    .array(z.number().min(0))
    .length(24)
    .refine((hours) => hours.some((weight) => weight > 0), 'in one hour at least somebody has to come')
    .default([...eveningHours]),
  weekend: z.number().positive().default(homeShape.weekend),
  titles: z
    .array(z.strictObject({ minutes: z.number().positive(), weight: z.number().positive().default(1) }))
    .min(1)
    .default([...homeShape.titles]),
  stay: z
    .strictObject({ scaleMinutes: z.number().positive(), shape: z.number().positive() })
    .default(homeShape.stay),
  binge: z
    .strictObject({
      chance: z.number().min(0).max(0.95),
      leastSeconds: z.number().min(0),
      mostSeconds: z.number().min(0),
    })
    .refine(
      ({ leastSeconds, mostSeconds }) => leastSeconds <= mostSeconds,
      'leastSeconds is more than mostSeconds',
    )
    .default(homeShape.binge),
  pausesPerHour: z.number().min(0).max(mostPerHour).default(homeShape.pausesPerHour),
  pauseMinutes: z.number().min(0).default(homeShape.pauseMinutes),
  seeksPerHour: z.number().min(0).max(mostPerHour).default(homeShape.seeksPerHour),
  streams: z
    .array(streamSchema)
    .min(1)
    .default([{ demand: 1, platforms: ['software'], weight: 1 }]),
})

export type WorkloadFile =
  | { readonly kind: 'shape'; readonly shape: WorkloadShape }
  | { readonly kind: 'export'; readonly source: z.infer<typeof exportSchema> }

/** A workload from its file: a shape, or the way to a playback export. */
export function readWorkload(text: string, name: string): WorkloadFile {
  const isExport = readYaml(text, name, z.looseObject({})).export !== undefined
  if (isExport) return { kind: 'export', source: readYaml(text, name, exportSchema) }
  return { kind: 'shape', shape: readYaml(text, name, shapeSchema) }
}
