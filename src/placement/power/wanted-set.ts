import { type Candidate, type DemandGroup, leastWatts } from './serving.ts'

export interface WantedSetOptions {
  readonly groups: readonly DemandGroup[]
  readonly candidates: readonly Candidate[]
  /** Ids of the set as it is now, where the search begins. */
  readonly present: ReadonlySet<string>
  /** Seconds for which the demand is expected to go on: what a boot is weighed against. */
  readonly horizonSeconds: number
  /** Watts that the set may draw at most. */
  readonly capWatts: number
}

/** A core's work that nobody carries costs as much as so many watts: more than any board, so that streams come first. */
const unmetWatts = 10_000
/** So many sets of kinds are all compared; above that it is a search. */
const mostSets = 256
/** Changes that gain less than this are not worth a seam. */
const leastGainJoules = 20
const mostRounds = 200

/**
 * The set of nodes that carries the demand with the least energy over the horizon, idling and waking included. It begins
 * with the present set and adds, drops or exchanges one node at a time as long as that gains something: so it changes
 * nothing without a reason, and for boards of one kind it ends at the best there is.
 */
export function wantedSet(options: WantedSetOptions): Candidate[] {
  const ordered = options.candidates.toSorted(
    (a, b) => a.joulesPerWork - b.joulesPerWork || a.wakeJoules - b.wakeJoules || (a.id < b.id ? -1 : 1),
  )
  const present = withinCap(
    ordered.filter(({ id }) => options.present.has(id)),
    options.capWatts,
  )
  const set = descend(present, ordered, options)
  const best = bestOfKinds(ordered, options)
  if (best) return cost(best, options) < cost(set, options) - leastGainJoules ? best : set
  if (!options.groups.some(({ responder }) => responder)) return set
  // One node more may be no use where two are: what would be done without the first responder is another beginning.
  const alone = options.groups.map((group) => ({ ...group, responder: null }))
  const other = descend(descend(set, ordered, { ...options, groups: alone }), ordered, options)
  return cost(other, options) < cost(set, options) - leastGainJoules ? other : set
}

/**
 * The best of all sets where there are few enough of them, which finds what takes more than one step: two small nodes in the
 * place of a large one. Of nodes that are alike only their number counts, and more than carry the demand are no use. Null
 * where there are too many.
 */
function bestOfKinds(ordered: readonly Candidate[], options: WantedSetOptions): Candidate[] | null {
  const demand = options.groups.reduce((total, group) => total + group.demand, 0)
  const kinds: Candidate[][] = []
  for (const candidate of ordered) {
    const kind = kinds.find(([first]) => isLike(first!, candidate))
    if (!kind) kinds.push([candidate])
    else if (kind.length * candidate.capacity < demand) kind.push(candidate)
  }
  let sets = 1
  for (const { length } of kinds) sets *= length + 1
  if (sets > mostSets) return null
  let best: Candidate[] = []
  let least = Number.POSITIVE_INFINITY
  for (let index = 0; index < sets; index += 1) {
    let rest = index
    const set = kinds.flatMap((kind) => {
      const count = rest % (kind.length + 1)
      rest = (rest - count) / (kind.length + 1)
      return kind.slice(0, count)
    })
    if (mostWattsOf(set) > options.capWatts) continue
    const joules = cost(set, options)
    if (joules < least) [best, least] = [set, joules]
  }
  return best
}

function descend(
  from: readonly Candidate[],
  ordered: readonly Candidate[],
  options: WantedSetOptions,
): Candidate[] {
  let set = [...from]
  let joules = cost(set, options)
  for (let round = 0; round < mostRounds; round += 1) {
    const best = bestMove(set, ordered, options)
    if (!best || best.joules > joules - leastGainJoules) return set
    set = best.set
    joules = best.joules
  }
  return set
}

interface Move {
  readonly set: Candidate[]
  readonly joules: number
}

function bestMove(
  set: readonly Candidate[],
  ordered: readonly Candidate[],
  options: WantedSetOptions,
): Move | null {
  const inside = new Set(set)
  const outside = unlike(ordered.filter((each) => !inside.has(each)))
  const drops = unlike(set).map((gone) => set.filter((each) => each !== gone))
  let best: Move | null = null
  for (const base of [set, ...drops]) {
    const left = options.capWatts - mostWattsOf(base)
    if (base !== set) best = better(best, base, options)
    for (const added of outside) {
      if (added.mostWatts > left) continue
      best = better(best, insert(base, added), options)
    }
  }
  return best
}

function better(best: Move | null, set: readonly Candidate[], options: WantedSetOptions): Move {
  const joules = cost(set, options)
  return best && best.joules <= joules ? best : { set: [...set], joules }
}

function cost(set: readonly Candidate[], { groups, horizonSeconds }: WantedSetOptions): number {
  const { watts, unmet } = leastWatts(groups, set)
  let joules = (watts + unmet * unmetWatts) * horizonSeconds
  for (const { wakeJoules } of set) joules += wakeJoules
  return joules
}

/** One of each kind that is the same in all numbers: others of it would do just as well. */
function unlike(candidates: readonly Candidate[]): Candidate[] {
  const kinds: Candidate[] = []
  for (const candidate of candidates) {
    if (!kinds.some((kind) => isLike(kind, candidate))) kinds.push(candidate)
  }
  return kinds
}

const isLike = (a: Candidate, b: Candidate): boolean =>
  a.capacity === b.capacity &&
  a.idleWatts === b.idleWatts &&
  a.joulesPerWork === b.joulesPerWork &&
  a.wakeJoules === b.wakeJoules &&
  a.mostWatts === b.mostWatts &&
  a.fits === b.fits

function insert(set: readonly Candidate[], added: Candidate): Candidate[] {
  const at = set.findIndex((each) => each.joulesPerWork > added.joulesPerWork)
  return at === -1 ? [...set, added] : [...set.slice(0, at), added, ...set.slice(at)]
}

function withinCap(set: readonly Candidate[], capWatts: number): Candidate[] {
  let left = capWatts
  return set.filter(({ mostWatts }) => {
    if (mostWatts > left) return false
    left -= mostWatts
    return true
  })
}

const mostWattsOf = (set: readonly Candidate[]): number =>
  set.reduce((total, { mostWatts }) => total + mostWatts, 0)
