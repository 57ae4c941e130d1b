import { admissionMargin } from '../placement/admission.ts'
import { usualRules } from '../placement/power/power-rules.ts'
import { boards } from './boards.ts'
import type { Fleet, FleetNode } from './fleet.ts'
import type { Random } from './random.ts'
import { randomOf } from './random.ts'
import { stretchesOf, type Viewing } from './viewing.ts'
import { eveningHours, viewingsOf, type WorkloadShape } from './workload-shape.ts'

/** A fleet and a workload that nobody has chosen. */
export interface RandomCase {
  readonly fleet: Fleet
  readonly shape: WorkloadShape
  readonly viewings: readonly Viewing[]
  /** Viewers who came while the fleet was full, by the rule of admission: no policy could serve them, and nobody tries. */
  readonly beyond: number
}

const platforms = ['software']
/** A stream may need so much of the first responder, to begin in time. */
const startFactor = 2.1
/** Who comes within so long of another has to be begun with beside him. */
const startWindowSeconds = 1.6
const usualSlots = 4
/** Sessions last a little longer than they are watched: they begin late, and a seek or a stall may come in between. */
const lastsLongerSeconds = 10

/**
 * One to 64 boards of one to four kinds of those that were measured, and viewers for between a twentieth and a half of
 * what they can do in the evening. Streams are of one to three kinds, from 480p to more than one such board can do alone;
 * the head's machine is fast enough to begin with any of them, and with as many at a time as ever come at a time, at 12 to
 * 30 W for each stream's worth of 1080p. So there is a schedule without a late start and without a stall: whoever finds
 * none is to blame. Viewers for whom there is none, since the fleet is full, are left out and counted.
 */
export function randomCase(seed: number | string, days: number): RandomCase {
  const random = randomOf(`case/${seed}`)
  const nodes = randomNodes(random)
  const capacity = nodes.reduce((total, node) => total + node.capacity, 0)
  const largest = Math.max(...nodes.map((node) => node.capacity))
  const mostDemand = Math.min(1.5, capacity / 1.3, 2 * largest)
  const streams = Array.from({ length: random.whole(1, 3) }, () => ({
    ...{ demand: mostDemand * random.between(0.25, 1), platforms, weight: random.between(0.5, 2) },
  }))
  const heaviest = Math.max(...streams.map(({ demand }) => demand))
  const shape = randomShape(random, streams, capacity)
  const all = viewingsOf(shape, days, random.fork('viewings'))
  const viewings = withinCapacity(all, capacity)
  const atOnce = mostAtOnce(viewings)
  const responderCapacity = heaviest * startFactor * atOnce * random.between(1, 1.5)
  const fleet: Fleet = {
    ...{ name: `random ${seed}`, nodes, rules: usualRules },
    responder: {
      platforms,
      ...{ capacity: responderCapacity, slots: Math.max(usualSlots, atOnce) },
      addedWatts: responderCapacity * random.between(12, 30),
    },
    floor: [],
  }
  return { fleet, shape, viewings, beyond: all.length - viewings.length }
}

/** Those for whom there is room when they come, with the margin that admission keeps; an idle fleet takes anybody. */
function withinCapacity(viewings: readonly Viewing[], capacity: number): Viewing[] {
  let present: { readonly untilSeconds: number; readonly demand: number }[] = []
  return viewings.filter((viewing) => {
    const { atSeconds, demand } = viewing
    present = present.filter(({ untilSeconds }) => untilSeconds > atSeconds)
    const others = present.reduce((total, each) => total + each.demand, 0)
    if (present.length > 0 && (others + demand) * admissionMargin > capacity) return false
    const lasts = stretchesOf(viewing).at(-1)?.toSeconds ?? atSeconds
    present.push({ untilSeconds: lasts + lastsLongerSeconds, demand })
    return true
  })
}

/** How many come within the time in which one of them is begun with. */
function mostAtOnce(viewings: readonly Viewing[]): number {
  let most = 1
  let first = 0
  for (const [index, { atSeconds }] of viewings.entries()) {
    while (viewings[first]!.atSeconds < atSeconds - startWindowSeconds) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}

function randomNodes(random: Random): FleetNode[] {
  const count = Math.max(1, Math.min(64, Math.round(2 ** random.between(0, 6))))
  const kinds = Array.from({ length: random.whole(1, Math.min(4, count)) }, () =>
    random.pick([...boards.keys()]),
  )
  return Array.from({ length: count }, (_, index) => {
    const board = index < kinds.length ? kinds[index]! : random.pick(kinds)
    return {
      ...{ id: `${board}-${index + 1}`, board, platforms, capWatts: null, wakeFailures: 0 },
      ...boards.get(board)!,
    }
  })
}

function randomShape(random: Random, streams: WorkloadShape['streams'], capacity: number): WorkloadShape {
  const minutes = random.between(20, 100)
  const weight = streams.reduce((total, stream) => total + stream.weight, 0)
  const meanDemand = streams.reduce((total, each) => total + (each.demand * each.weight) / weight, 0)
  // Evenings are about 2.4 times as busy as the mean hour.
  const atOnce = (capacity / meanDemand) * random.between(0.05, 0.5)
  const perDay = Math.max(2, ((atOnce / 2.4) * 24 * 60) / minutes)
  return {
    ...{ name: 'random', perDay, hours: eveningHours, weekend: random.between(1, 2), streams },
    titles: [{ minutes: minutes * 1.3, weight: 1 }],
    stay: { scaleMinutes: minutes * 3, shape: random.between(0.7, 1.2) },
    binge: { chance: random.between(0, 0.5), leastSeconds: 10, mostSeconds: 60 },
    pausesPerHour: random.between(0, 1),
    pauseMinutes: random.between(1, 10),
    seeksPerHour: random.between(0, 0.5),
  }
}
