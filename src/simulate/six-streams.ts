import { usualRules } from '../placement/power/power-rules.ts'
import { type Fleet, type FleetNode, type FleetResponder, floorWatts } from './fleet.ts'
import { run } from './run.ts'
import type { Viewing } from './viewing.ts'

/** A module as it was published; one unit of work is a stream from 4K30 HDR to 1080p30. */
export interface Module {
  readonly name: string
  /** Streams that its decoder takes and that its encoder takes: NVIDIA's datasheets, HEVC 4K30 in, 1080p30 out. */
  readonly decodes: number
  readonly encodes: number
  /** Its power mode, watts of the module. */
  readonly modeWatts: number
  readonly idleWatts: number
  /** Where the idle watts come from. */
  readonly idleFrom: string
}

const assumed = 'assumed: a fifth of its mode'

/** Orin Nano has no encoder: "1080p30 by 1-2 CPU cores", about three on its six. */
export const modules = {
  nano: {
    name: 'Nano',
    decodes: 2,
    encodes: 4,
    modeWatts: 10,
    idleWatts: 1.9,
    idleFrom: 'third-party budget',
  },
  tx2nx: { name: 'TX2 NX', decodes: 4, encodes: 8, modeWatts: 15, idleWatts: 3, idleFrom: assumed },
  xavierNx: { name: 'Xavier NX', decodes: 4, encodes: 14, modeWatts: 20, idleWatts: 4, idleFrom: assumed },
  orinNano: {
    name: 'Orin Nano',
    decodes: 2,
    encodes: 3,
    modeWatts: 15,
    idleWatts: 4.5,
    idleFrom: 'forum, untuned',
  },
  orinNanoTuned: {
    ...{ name: 'Orin Nano, tuned', decodes: 2, encodes: 3, modeWatts: 15, idleWatts: 2.18 },
    idleFrom: 'forum 348662, VDD_IN',
  },
  orinNx: { name: 'Orin NX', decodes: 4, encodes: 12, modeWatts: 25, idleWatts: 5, idleFrom: assumed },
} satisfies Record<string, Module>

/** Carrier's share and the power supply's efficiency: a module's watts are not the wall's. */
const [carrierWatts, supplyEfficiency] = [1.4, 0.87]
const platforms = ['jetson']

export const wall = (moduleWatts: number): number => (moduleWatts + carrierWatts) / supplyEfficiency

/** A fleet that was thought of for the six streams. */
export interface SixStreamFleet {
  readonly fleet: Fleet
  /** What stays awake so that somebody can begin at once. */
  readonly begins: string
}

/** What never sleeps, with where its watts come from. */
export interface FloorPart {
  readonly name: string
  readonly watts: number
  readonly from: string
}

const board: readonly FloorPart[] = [
  { name: 'head (Raspberry Pi 4, idle)', watts: 1.6, from: 'geerlingguy/sbc-reviews' },
  { name: 'switch (smallest published)', watts: 3, from: '3 to 8 W are usual' },
  { name: 'Turing Pi 2 BMC', watts: 2.6, from: 'measured by others (sbc-reviews #38)' },
]

/** All parts that floors of these fleets are made of, each once: heads first. */
export function floorParts(): FloorPart[] {
  const heads = sixStreamFleets().map(({ fleet }) => fleet.floor[0]!)
  const unlike = [...new Map(heads.map((head) => [head.name, head])).values()]
  const known = (name: string) => board.find((part) => part.name === name)?.from
  return [
    ...unlike.map(({ name, watts }) => ({ name, watts, from: known(name) ?? 'its module, below' })),
    ...board.slice(1),
  ]
}

export function sixStreamFleets(): SixStreamFleet[] {
  const kinds: readonly (readonly [Module, number])[] = [
    [modules.nano, 3],
    [modules.nano, 4],
    [modules.tx2nx, 2],
    [modules.xavierNx, 2],
    [modules.orinNano, 3],
    [modules.orinNanoTuned, 3],
    [modules.orinNano, 4],
    [modules.orinNx, 2],
  ]
  return [
    ...kinds.map(([module, count]) => ({
      fleet: fleetOf(`${count} x ${module.name}`, module, count, board, null),
      begins: `one ${module.name} stays awake`,
    })),
    ...[
      ...[withOwnHead(modules.nano, 3), withOwnHead(modules.nano, 4)],
      ...[withOwnHead(modules.orinNanoTuned, 3), withOwnHead(modules.orinNanoTuned, 4)],
      ...[withOwnHead(modules.tx2nx, 2), withOwnHead(modules.xavierNx, 2)],
    ],
  ]
}

/** The head runs on such a module itself, is always on, and begins every session. */
function withOwnHead(module: Module, count: number): SixStreamFleet {
  const capacity = Math.min(module.decodes, module.encodes)
  const floor = [{ name: `head (${module.name}, idle)`, watts: wall(module.idleWatts) }, ...board.slice(1)]
  const addedWatts = wall(module.modeWatts) - wall(module.idleWatts)
  const responder = { platforms, capacity, slots: 4, addedWatts }
  const name = `${count} x ${module.name}, and one as head`
  return { fleet: fleetOf(name, module, count, floor, responder), begins: 'the head' }
}

function fleetOf(
  name: string,
  module: Module,
  count: number,
  floor: Fleet['floor'],
  responder: FleetResponder | null,
): Fleet {
  const nodes = Array.from(
    { length: count },
    (_, index): FleetNode => ({
      ...{ id: `${module.name}-${index + 1}`, board: module.name, platforms, capWatts: null },
      capacity: Math.min(module.decodes, module.encodes),
      profile: {
        // Behind the BMC a module that is off draws nothing; the carrier is in the watts of those that are on.
        ...{ offWatts: 0, idleWatts: wall(module.idleWatts), busyWatts: wall(module.modeWatts) },
        ...{ wakeSeconds: 30, wakeWatts: wall(module.modeWatts * 0.6), sleepSeconds: 10 },
        sleepWatts: wall(module.idleWatts),
      },
      ...{ wakeSpreadSeconds: 3, wakeFailures: 0 },
    }),
  )
  const rules = { ...usualRules, totalCapWatts: 100, floorWatts: floorWatts({ floor }), margin: 1 }
  return { name, nodes, responder, floor, rules }
}

export interface SixStreamRow {
  readonly fleet: string
  readonly begins: string
  readonly floor: Fleet['floor']
  /** Of nodes that stay awake. */
  readonly warmWatts: number
  readonly idleWatts: number
  readonly peakWatts: number
  readonly started: number
  readonly startMaxSeconds: number
  readonly stalls: number
  readonly does: boolean
}

/** Six viewers who come within five minutes and watch for two hours. */
const viewings: readonly Viewing[] = Array.from({ length: 6 }, (_, index) => ({
  ...{ id: `v${index}`, atSeconds: 3_600 + 60 * index, watchSeconds: 7_200, titleSeconds: 7_200 },
  ...{ pauses: [], demand: 1, platforms },
}))

/** Which fleets carry six streams inside 100 W, and 10 W while nobody watches, on the virtual clock. */
export function sixStreams(): SixStreamRow[] {
  return sixStreamFleets().map(({ fleet, begins }) => {
    const { starts, stalls, peakWatts } = run({ fleet, viewings, days: 1, seed: 1, grain: 'fluid' })
    // A head that begins by itself is in the floor; else one module has to be awake for that.
    const warmWatts = fleet.responder ? 0 : (fleet.nodes[0]?.profile.idleWatts ?? 0)
    const idleWatts = floorWatts(fleet) + warmWatts
    const does = starts.length === 6 && stalls === 0 && peakWatts <= 100 && idleWatts <= 10
    return {
      ...{ fleet: fleet.name, begins, floor: fleet.floor, warmWatts, idleWatts, peakWatts },
      ...{ started: starts.length, startMaxSeconds: starts.at(-1) ?? 0, stalls, does },
    }
  })
}
