/**
 * What a node is doing, as far as its power goes. `busy`: it has leases. `draining`: it gets nothing new and is switched
 * off when what it has in hand is done. `failed`: it did not come back, and is left alone for a while.
 */
export type LifePhase = 'off' | 'waking' | 'ready' | 'busy' | 'draining' | 'going-to-sleep' | 'failed'

export interface NodeLife {
  readonly phase: LifePhase
  readonly sinceMs: number
  /** Identity of the agent process that was heard last; kept while it is off, to tell a new one. */
  readonly boot: string | null
  /** Tries to wake it, of this time. */
  readonly tries: number
  /** Times in a row in which it did not come at all. */
  readonly failures: number
  /** When a failed one may be tried again. */
  readonly retryAtMs: number | null
  /** Somebody needs it again while it goes to sleep. */
  readonly wantsWake: boolean
}

export type LifeEvent =
  /** Decisions. */
  | { readonly type: 'wake' }
  | { readonly type: 'sleep' }
  /** Facts. A beat of its agent: */
  | { readonly type: 'beat'; readonly boot: string; readonly leases: number }
  /** nothing is heard of it any more, or its power is seen to be off; */
  | { readonly type: 'gone' }
  /** a power command failed for good. */
  | { readonly type: 'power-failed'; readonly reason: string }
  | { readonly type: 'tick' }

export type LifeAction =
  | { readonly type: 'power-on' }
  /** Off and on: it was told to come and did not. */
  | { readonly type: 'power-cycle' }
  | { readonly type: 'power-off' }
  | { readonly type: 'drain' }
  | { readonly type: 'resume' }
  /** It took so long to come; see wake-time.ts. */
  | { readonly type: 'woke'; readonly seconds: number }
  | { readonly type: 'report'; readonly what: LifeReport; readonly reason: string }

/** Worth a line in a log, and in the list of nodes. */
export type LifeReport =
  | 'woke-by-itself'
  | 'rebooted'
  | 'vanished'
  | 'did-not-wake'
  | 'did-not-sleep'
  | 'came-back'

export interface LifeSettings {
  /** See wakeLimitSeconds. */
  readonly wakeLimitMs: number
  readonly sleepLimitMs: number
  readonly mostTries: number
  /** It is suspended, not switched off: the same agent wakes up again. */
  readonly keepsBoot: boolean
}

export interface LifeStep {
  readonly life: NodeLife
  readonly actions: readonly LifeAction[]
}

export const usualLifeSettings: LifeSettings = {
  ...{ wakeLimitMs: 120_000, sleepLimitMs: 120_000, mostTries: 3, keepsBoot: false },
}

/** A node that did not do as it was told is left alone for so long, twice as long each time, */
const firstPauseMs = 5 * 60_000
/** up to this. */
export const longestPauseMs = 2 * 3_600_000

/** After so many failures in a row, and one more, it is left alone for so long. */
export const pauseMsAfter = (failures: number): number =>
  Math.min(firstPauseMs * 2 ** failures, longestPauseMs)

export function newLife(phase: 'off' | 'ready', nowMs: number, boot: string | null = null): NodeLife {
  return { ...{ phase, sinceMs: nowMs, boot, tries: 0, failures: 0, retryAtMs: null, wantsWake: false } }
}

/** Whether it can be given work now. */
export const isAwake = ({ phase }: Pick<NodeLife, 'phase'>): boolean => phase === 'ready' || phase === 'busy'

/**
 * What follows from an event: pure, so that the head keeps the state and carries out the actions in this order. A power
 * command is never ordered while another is under way: the phases `waking` and `going-to-sleep` last until something is
 * heard, a command failed or the limit has passed.
 */
export function stepLife(life: NodeLife, event: LifeEvent, nowMs: number, settings: LifeSettings): LifeStep {
  switch (event.type) {
    case 'wake':
      return wake(life, nowMs)
    case 'sleep':
      return sleep(life, nowMs)
    case 'beat':
      return hear(life, event, nowMs, settings)
    case 'gone':
      return lose(life, nowMs)
    case 'power-failed':
      return powerFailed(life, event.reason, nowMs, settings)
    case 'tick':
      return wait(life, nowMs, settings)
  }
}

const same = (life: NodeLife): LifeStep => ({ life, actions: [] })

function to(life: NodeLife, phase: LifePhase, nowMs: number, more: Partial<NodeLife> = {}): NodeLife {
  return { ...life, phase, sinceMs: nowMs, wantsWake: false, ...more }
}

function report(what: LifeReport, reason: string): LifeAction {
  return { type: 'report', what, reason }
}

function wake(life: NodeLife, nowMs: number): LifeStep {
  switch (life.phase) {
    case 'off':
      return {
        life: to(life, 'waking', nowMs, { tries: 1, retryAtMs: null }),
        actions: [{ type: 'power-on' }],
      }
    case 'draining':
      return { life: to(life, 'busy', nowMs), actions: [{ type: 'resume' }] }
    case 'going-to-sleep':
      // Its power command is under way; the next one follows when it has ended.
      return same({ ...life, wantsWake: true })
    default:
      return same(life)
  }
}

function sleep(life: NodeLife, nowMs: number): LifeStep {
  if (life.phase === 'ready')
    return { life: to(life, 'going-to-sleep', nowMs), actions: [{ type: 'power-off' }] }
  if (life.phase === 'busy') return { life: to(life, 'draining', nowMs), actions: [{ type: 'drain' }] }
  if (life.phase === 'going-to-sleep') return same({ ...life, wantsWake: false })
  return same(life)
}

function hear(
  life: NodeLife,
  { boot, leases }: { readonly boot: string; readonly leases: number },
  nowMs: number,
  { keepsBoot }: LifeSettings,
): LifeStep {
  const present = leases > 0 ? 'busy' : 'ready'
  const isNewBoot = boot !== life.boot
  const awake = { boot, tries: 0, failures: 0, retryAtMs: null }
  switch (life.phase) {
    case 'waking': {
      // A beat that was under way when it was switched off says nothing.
      if (!isNewBoot && !keepsBoot) return same(life)
      const seconds = (nowMs - life.sinceMs) / 1000
      // A time with several tries in it says nothing of how long it takes.
      const learned: LifeAction[] = life.tries === 1 ? [{ type: 'woke', seconds }] : []
      return { life: to(life, present, nowMs, awake), actions: learned }
    }
    case 'off':
    case 'failed':
      if (!isNewBoot && !keepsBoot && life.phase === 'off') return same(life)
      return {
        life: to(life, present, nowMs, awake),
        actions: [report(life.phase === 'off' ? 'woke-by-itself' : 'came-back', 'its agent is heard')],
      }
    case 'going-to-sleep':
      if (!isNewBoot) return same(life)
      return {
        life: to(life, present, nowMs, awake),
        actions: [report('did-not-sleep', 'it started again instead of going off')],
      }
    default:
      return hearAwake(life, { boot, leases, isNewBoot }, nowMs)
  }
}

function hearAwake(
  life: NodeLife,
  { boot, leases, isNewBoot }: { boot: string; leases: number; isNewBoot: boolean },
  nowMs: number,
): LifeStep {
  const rebooted = isNewBoot && life.boot !== null ? [report('rebooted', 'its agent is another one')] : []
  const known = { ...life, boot }
  if (life.phase === 'draining') {
    if (leases > 0) return { life: known, actions: rebooted }
    return { life: to(known, 'going-to-sleep', nowMs), actions: [...rebooted, { type: 'power-off' }] }
  }
  const phase = leases > 0 ? 'busy' : 'ready'
  return { life: phase === life.phase ? known : to(known, phase, nowMs), actions: rebooted }
}

function lose(life: NodeLife, nowMs: number): LifeStep {
  switch (life.phase) {
    case 'going-to-sleep':
      return life.wantsWake ? wake(to(life, 'off', nowMs), nowMs) : same(to(life, 'off', nowMs))
    case 'ready':
    case 'busy':
    case 'draining':
      // It may come back as it was, when only its network was away.
      return {
        life: to(life, 'off', nowMs, { boot: null }),
        actions: [report('vanished', 'nothing is heard of it')],
      }
    default:
      return same(life)
  }
}

function powerFailed(life: NodeLife, reason: string, nowMs: number, settings: LifeSettings): LifeStep {
  if (life.phase === 'waking') return again(life, reason, nowMs, settings)
  if (life.phase !== 'going-to-sleep') return same(life)
  return { life: to(life, 'ready', nowMs), actions: [report('did-not-sleep', reason)] }
}

function wait(life: NodeLife, nowMs: number, settings: LifeSettings): LifeStep {
  const waitedMs = nowMs - life.sinceMs
  if (life.phase === 'waking' && waitedMs >= settings.wakeLimitMs) {
    return again(life, `nothing heard for ${Math.round(waitedMs / 1000)} s`, nowMs, settings)
  }
  if (life.phase === 'going-to-sleep' && waitedMs >= settings.sleepLimitMs) {
    return { life: to(life, 'ready', nowMs), actions: [report('did-not-sleep', 'it is still heard')] }
  }
  if (life.phase === 'failed' && life.retryAtMs !== null && nowMs >= life.retryAtMs) {
    return same(to(life, 'off', nowMs, { retryAtMs: null }))
  }
  return same(life)
}

function again(life: NodeLife, reason: string, nowMs: number, { mostTries }: LifeSettings): LifeStep {
  if (life.tries < mostTries) {
    return {
      life: to(life, 'waking', nowMs, { tries: life.tries + 1 }),
      actions: [{ type: 'power-cycle' }],
    }
  }
  const pauseMs = pauseMsAfter(life.failures)
  return {
    life: to(life, 'failed', nowMs, { failures: life.failures + 1, retryAtMs: nowMs + pauseMs }),
    actions: [report('did-not-wake', reason)],
  }
}
