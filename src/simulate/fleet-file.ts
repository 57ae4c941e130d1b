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
  const taken = new Set<string>()
  const nodes = file.nodes.flatMap((entry, index) => {
    const own = nodesOf(entry, entry.name ?? entry.board ?? `node-${index + 1}`, taken)
    const wrong = missingOf(entry) ?? wrongOf(own, taken)
    if (wrong) context.addIssue({ code: 'custom', path: ['nodes', index], message: wrong })
    for (const { id } of own) taken.add(id)
    return wrong ? [] : own
  })
  for (const list of ['quiet', 'maintenance'] as const) {
    const stranger = file.rules?.[list].flatMap(({ nodes: named = [] }) => named).find((id) => !taken.has(id))
    if (stranger === undefined) continue
    const message = `no node is called "${stranger}"; they are ${[...taken].slice(0, 8).join(', ')}`
    context.addIssue({ code: 'custom', path: ['rules', list], message })
  }
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

/** What makes no sense in nodes that have all their numbers. */
function wrongOf(nodes: readonly FleetNode[], taken: ReadonlySet<string>): string | null {
  for (const { id, profile } of nodes) {
    if (taken.has(id)) return `another node is called "${id}" already`
    const { idleWatts, busyWatts } = profile
    if (busyWatts < idleWatts) return `it draws ${busyWatts} W busy, which is less than ${idleWatts} W idle`
  }
  return null
}

/** Those without a name of their own are counted on from those that are there. */
function nodesOf(entry: Entry, name: string, taken: ReadonlySet<string>): FleetNode[] {
  const board = entry.board === undefined ? undefined : boards.get(entry.board)
  const idleWatts = entry.idleWatts ?? board?.profile.idleWatts ?? 0
  const busyWatts = entry.busyWatts ?? board?.profile.busyWatts ?? 0
  const wakeSeconds = entry.wakeSeconds ?? board?.profile.wakeSeconds ?? 0
  const count = entry.count ?? 1
  let first = 1
  while (entry.name === undefined && taken.has(`${name}-${first}`)) first += 1
  return Array.from({ length: count }, (_, index) => ({
    id: count === 1 && entry.name !== undefined ? name : `${name}-${first + index}`,
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
