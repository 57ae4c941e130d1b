import { z } from 'zod'
import { usualRules } from '../placement/power/power-rules.ts'
import { rulesSchema } from '../placement/power/rules-schema.ts'
import { boards } from './boards.ts'
import { type Fleet, type FleetNode, floorWatts } from './fleet.ts'
import { readYaml } from './read-yaml.ts'

const watts = z.number().min(0)
const usualPlatforms = ['software']

const nodesSchema = z.strictObject({
  name: z.string().min(1).optional(),
  board: z.string().optional(),
  count: z.int().min(1).max(100_000).optional(),
  platforms: z.array(z.string()).min(1).optional(),
  capacity: z.number().positive().optional(),
  idleWatts: watts.optional(),
  busyWatts: watts.optional(),
  offWatts: watts.optional(),
  wakeSeconds: z.number().positive().optional(),
  wakeWatts: watts.optional(),
  sleepSeconds: watts.optional(),
  sleepWatts: watts.optional(),
  capWatts: z.number().positive().optional(),
  wakeSpreadSeconds: watts.optional(),
  wakeFailures: z.number().min(0).max(1).optional(),
})

const fleetSchema = z.strictObject({
  name: z.string(),
  nodes: z.array(nodesSchema).min(1),
  responder: z
    .strictObject({
      platforms: z.array(z.string()).min(1).optional(),
      capacity: z.number().positive(),
      addedWatts: watts,
      slots: z.int().min(1).default(4),
    })
    .nullable()
    .optional(),
  floor: z.array(z.strictObject({ name: z.string(), watts })).optional(),
  rules: rulesSchema.optional(),
})

/** A fleet from its file; see docs/simulate.md. `name` is for messages. */
export function readFleet(text: string, name: string): Fleet {
  const file = readYaml(text, name, fleetSchema.transform(toFleet))
  return file
}

function toFleet(file: z.infer<typeof fleetSchema>, context: z.RefinementCtx): Fleet {
  const nodes = file.nodes.flatMap((entry, index) => {
    const missing = missingOf(entry)
    if (missing) {
      context.addIssue({ code: 'custom', path: ['nodes', index], message: missing })
      return []
    }
    return nodesOf(entry, entry.name ?? entry.board ?? `node-${index + 1}`)
  })
  const floor = file.floor ?? []
  const { responder } = file
  return {
    ...{ name: file.name, nodes, floor },
    responder: responder ? { ...responder, platforms: responder.platforms ?? usualPlatforms } : null,
    rules: { ...(file.rules ?? usualRules), floorWatts: floorWatts({ floor }) },
  }
}

type Entry = z.infer<typeof nodesSchema>

function missingOf({ board, capacity, idleWatts, busyWatts, wakeSeconds }: Entry): string | null {
  if (board !== undefined && !boards.has(board)) {
    return `no board "${board}"; known are ${[...boards.keys()].join(', ')}`
  }
  const isWhole = [capacity, idleWatts, busyWatts, wakeSeconds].every((value) => value !== undefined)
  return board !== undefined || isWhole
    ? null
    : 'give a board, or capacity, idleWatts, busyWatts and wakeSeconds'
}

function nodesOf(entry: Entry, name: string): FleetNode[] {
  const board = entry.board === undefined ? undefined : boards.get(entry.board)
  const idleWatts = entry.idleWatts ?? board?.profile.idleWatts ?? 0
  const busyWatts = entry.busyWatts ?? board?.profile.busyWatts ?? 0
  const wakeSeconds = entry.wakeSeconds ?? board?.profile.wakeSeconds ?? 0
  const count = entry.count ?? 1
  return Array.from({ length: count }, (_, index) => ({
    id: count === 1 && entry.name !== undefined ? name : `${name}-${index + 1}`,
    board: entry.board ?? name,
    platforms: entry.platforms ?? usualPlatforms,
    capacity: entry.capacity ?? board?.capacity ?? 0,
    profile: {
      ...{ idleWatts, busyWatts, wakeSeconds },
      offWatts: entry.offWatts ?? board?.profile.offWatts ?? 0,
      wakeWatts: entry.wakeWatts ?? board?.profile.wakeWatts ?? busyWatts,
      sleepSeconds: entry.sleepSeconds ?? board?.profile.sleepSeconds ?? 10,
      sleepWatts: entry.sleepWatts ?? board?.profile.sleepWatts ?? idleWatts,
    },
    capWatts: entry.capWatts ?? null,
    wakeSpreadSeconds: entry.wakeSpreadSeconds ?? board?.wakeSpreadSeconds ?? wakeSeconds / 10,
    wakeFailures: entry.wakeFailures ?? 0,
  }))
}
