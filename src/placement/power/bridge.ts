import type { PowerNode, PowerResponder, PowerSession, PowerView } from './power-view.ts'

/** Kept in hand while a node is on its way, for seams and for one that comes late. */
const safetySeconds = 8
/** While somebody has nothing yet, those that have so much wait: it is more than a first segment takes, and less than one is. */
const yieldSeconds = 1.6
/** After a start on the first responder so much is in hand when a node takes over, */
const startedSeconds = 8
/**
 * and as much more as the node takes longer than a second for a piece of so much: nothing comes while it makes the first; and
 * twice that where all of them have somebody else's piece in hand, which they make to its end before.
 */
const pieceSeconds = 2
/** On nodes that cannot carry all it may be brought down to so much before the first responder helps out. */
const leastLeadSeconds = 5
/** A node that is overdue may come at any moment, and also not. */
const leastComingSeconds = 5
/** A start that has not come so far by then does not get any further on the first responder. */
const longestStartSeconds = 30
/** Until a node that wakes is there, those that play on nodes may be brought down to so much. */
const lentLeadSeconds = 20
/** A start that takes longer than that is none: it falls behind. */
const mostStartSeconds = 4
/** At this speed a first segment of two seconds is there within the promised 1.5, an encoder's start included. */
const startSpeed = 2

export interface Bridge {
  /** The streams that the first responder makes now, */
  readonly now: readonly string[]
  /** and those besides that wait for it. */
  readonly all: readonly string[]
}

/**
 * The streams that the first responder makes now:
 *
 * - those for which no awake node is there, and whose player would run dry before one has woken;
 * - starts for which no awake node is free that is fast enough to begin in time, where it is faster than those that are;
 * - those with little in hand while the awake nodes cannot carry all and another wakes;
 * - those that have begun on it while the awake nodes have enough to do without them, until the next one has woken; they
 *   have not while what the others have in hand lasts until then.
 *
 * `before`: who was in all of it. While somebody has nothing yet, others with something in hand wait for it. Where nodes are awake, it goes on with no more
 * than it can make in real time.
 */
export function bridgedOf(view: PowerView, working: readonly string[], before: ReadonlySet<string>): Bridge {
  const { responder, nodes } = view
  if (!responder) return { now: [], all: [] }
  const wanted = new Set(working)
  const awake = nodes.filter((node) => wanted.has(node.id))
  const waking = nodes.filter(({ phase }) => phase === 'waking')
  // One that goes to sleep cannot be called back, and is woken when it is off.
  const coming = nodes.filter(({ phase }) => phase === 'waking' || phase === 'going-to-sleep')
  const playing = view.sessions.filter((session) => !session.isResting)
  const onNodes = playing.filter(({ id }) => !before.has(id))
  const lent = onNodes.reduce(
    (sum, { leadSeconds, demand }) =>
      sum + Math.max(0, leadSeconds - lentLeadSeconds - secondsLost(demand, awake)) * demand,
    0,
  )
  let carried = onNodes.reduce((sum, { demand }) => sum + demand, 0)
  const bridged = playing.filter((session) => {
    const { id, demand, leadSeconds } = session
    const mayBe =
      before.has(id) || session.ageSeconds === 0 || leadSeconds < leastLeadSeconds || awake.length === 0
    if (!mayBe && awake.some((node) => fits(session, node))) return false
    if (!fits(session, responder)) return false
    const able = awake.filter((node) => fits(session, node))
    const bridgeSeconds = secondsToBridge(waking, session)
    if (able.length === 0) return leadSeconds < bridgeSeconds
    const isHere = before.has(id)
    const missing = carried + (isHere ? demand : 0) - sumOf(able)
    const isShort = isComing(coming, session) && missing * bridgeSeconds > lent
    if (leadSeconds >= handoverSeconds(session, able)) {
      if (isHere && leadSeconds < bridgeSeconds && isShort) return true
      if (isHere) carried += demand
      return false
    }
    if (demand < responder.capacity) {
      if (isHere && (isShort || session.ageSeconds < longestStartSeconds)) return true
      if (isShort && leadSeconds < leastLeadSeconds) return true
    }
    return session.ageSeconds === 0 && startsBetterOn(responder, session, able)
  })
  return { now: chosen(bridged, responder, before, awake), all: bridged.map(({ id }) => id) }
}

/** Whether leads, which change by themselves, may soon change who is bridged. */
export function isBridgingInFlux(view: PowerView, bridged: ReadonlySet<string>): boolean {
  const { responder, sessions, nodes } = view
  if (!responder) return false
  const awake = nodes.filter(isAwake)
  const waking = nodes.filter(({ phase }) => phase === 'waking')
  return sessions.some((session) => {
    if (session.isResting || !fits(session, responder)) return false
    const isHere = awake.some((node) => fits(session, node))
    if (!bridged.has(session.id)) return !isHere
    return isHere || isComing(waking, session) || session.leadSeconds < yieldSeconds
  })
}

function chosen(
  bridged: readonly PowerSession[],
  { slots, capacity }: PowerResponder,
  before: ReadonlySet<string>,
  awake: readonly PowerNode[],
): string[] {
  const hasNothing = bridged.some(({ leadSeconds }) => leadSeconds <= 0)
  const now = hasNothing ? bridged.filter(({ leadSeconds }) => leadSeconds < yieldSeconds) : bridged
  let left = capacity
  return now
    .toSorted((a, b) => Number(before.has(b.id)) - Number(before.has(a.id)) || a.leadSeconds - b.leadSeconds)
    .slice(0, slots)
    .filter((session) => {
      if (isStarting(session)) return true
      left -= session.demand
      return left >= 0 || !awake.some((node) => fits(session, node))
    })
    .map(({ id }) => id)
}

const isStarting = ({ leadSeconds, ageSeconds }: PowerSession): boolean =>
  leadSeconds <= 0 && ageSeconds < mostStartSeconds

/** What it has in hand when nodes take over. */
function handoverSeconds({ demand }: PowerSession, able: readonly PowerNode[]): number {
  return startedSeconds + secondsLost(demand, able)
}

/** How much longer than a second each nodes make nothing for a stream of such a demand when it is handed to them. */
function secondsLost(demand: number, nodes: readonly PowerNode[]): number {
  const largest = Math.max(...nodes.map(({ capacity }) => capacity))
  const pieces = nodes.some(({ phase }) => phase === 'ready') ? 1 : 2
  return pieces * Math.max(0, (pieceSeconds * demand) / largest - 1)
}

const sumOf = (nodes: readonly PowerNode[]): number => nodes.reduce((sum, { capacity }) => sum + capacity, 0)

function startsBetterOn(
  responder: PowerResponder,
  { demand }: PowerSession,
  able: readonly PowerNode[],
): boolean {
  const free = able.filter(({ phase }) => phase === 'ready').map(({ capacity }) => capacity / demand)
  const best = Math.max(0, ...free)
  return best < startSpeed && best < responder.capacity / demand
}

/** Until the first of those that wake is there; for ever while none is on its way. */
function secondsToBridge(waking: readonly PowerNode[], session: PowerSession): number {
  const coming = waking
    .filter((node) => fits(session, node))
    .map(({ comingSeconds = leastComingSeconds }) => Math.max(comingSeconds, leastComingSeconds))
  return Math.min(...coming, Number.POSITIVE_INFINITY) + safetySeconds
}

const isComing = (waking: readonly PowerNode[], session: PowerSession): boolean =>
  waking.some((node) => fits(session, node))

const isAwake = ({ phase }: PowerNode): boolean => phase === 'ready' || phase === 'busy'

function fits(session: PowerSession, node: { readonly platforms: readonly string[] }): boolean {
  return node.platforms.some((platform) => session.platforms.includes(platform))
}
