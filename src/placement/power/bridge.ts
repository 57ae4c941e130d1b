import type { PowerNode, PowerResponder, PowerSession, PowerView } from './power-view.ts'

/** Kept in hand while a node is on its way, for seams and for one that comes late. */
const safetySeconds = 8
/** While somebody has nothing yet, those that have so much wait: it is more than a first segment takes. */
const yieldSeconds = 2.5
/** After a start on the first responder so much is in hand when a node takes over. */
const startedSeconds = 8
/** A node that is overdue may come at any moment, and also not. */
const leastComingSeconds = 5
/** A start that has not come so far by then does not get any further on the first responder. */
const longestStartSeconds = 30
/** At this speed a first segment of two seconds is there within the promised 1.5, an encoder's start included. */
const startSpeed = 1.9

/**
 * The streams that the first responder makes now:
 *
 * - those for which no awake node is there, and whose player would run dry before one has woken;
 * - starts for which no awake node is free that is fast enough to begin in time, where it is faster than those that are;
 * - those that have begun on it while the awake nodes have enough to do without them, until the next one has woken.
 *
 * While somebody has nothing yet, others with something in hand wait for it.
 */
export function bridgedOf(
  view: PowerView,
  working: readonly string[],
  before: ReadonlySet<string>,
): string[] {
  const { responder } = view
  if (!responder) return []
  const awake = view.nodes.filter((node) => working.includes(node.id))
  const playing = view.sessions.filter((session) => !session.isResting)
  const onNodes = playing.filter(({ id }) => !before.has(id)).reduce((sum, { demand }) => sum + demand, 0)
  const bridged = playing.filter((session) => {
    if (!fits(session, responder)) return false
    const able = awake.filter((node) => fits(session, node))
    const isShort = session.leadSeconds < secondsToBridge(view, session)
    if (able.length === 0) return isShort
    if (session.leadSeconds >= startedSeconds) {
      const capacity = able.reduce((sum, node) => sum + node.capacity, 0)
      return (
        before.has(session.id) && isShort && isComing(view, session) && capacity < onNodes + session.demand
      )
    }
    const isGaining = session.demand < responder.capacity && session.ageSeconds < longestStartSeconds
    return (
      (before.has(session.id) && isGaining) ||
      (session.ageSeconds === 0 && startsBetterOn(responder, session, able))
    )
  })
  return chosen(bridged, responder.slots, before)
}

/** Whether leads, which change by themselves, may soon change who is bridged. */
export function isBridgingInFlux(view: PowerView, bridged: ReadonlySet<string>): boolean {
  const { responder, sessions, nodes } = view
  if (!responder) return false
  return sessions.some((session) => {
    if (session.isResting || !fits(session, responder)) return false
    const isHere = nodes.some((node) => isAwake(node) && fits(session, node))
    if (!bridged.has(session.id)) return !isHere
    return isHere || isComing(view, session) || session.leadSeconds < yieldSeconds
  })
}

function chosen(bridged: readonly PowerSession[], slots: number, before: ReadonlySet<string>): string[] {
  const hasNothing = bridged.some(({ leadSeconds }) => leadSeconds <= 0)
  const now = hasNothing ? bridged.filter(({ leadSeconds }) => leadSeconds < yieldSeconds) : bridged
  return now
    .toSorted((a, b) => Number(before.has(b.id)) - Number(before.has(a.id)) || a.leadSeconds - b.leadSeconds)
    .slice(0, slots)
    .map(({ id }) => id)
}

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
function secondsToBridge({ nodes }: PowerView, session: PowerSession): number {
  const coming = nodes
    .filter((node) => node.phase === 'waking' && fits(session, node))
    .map(({ comingSeconds = leastComingSeconds }) => Math.max(comingSeconds, leastComingSeconds))
  return Math.min(...coming, Number.POSITIVE_INFINITY) + safetySeconds
}

function isComing({ nodes }: PowerView, session: PowerSession): boolean {
  return nodes.some((node) => node.phase === 'waking' && fits(session, node))
}

const isAwake = ({ phase }: PowerNode): boolean => phase === 'ready' || phase === 'busy'

function fits(session: PowerSession, node: { readonly platforms: readonly string[] }): boolean {
  return node.platforms.some((platform) => session.platforms.includes(platform))
}
