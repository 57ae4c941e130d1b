import {
  isAwake,
  type LifeAction,
  type LifeEvent,
  type LifeReport,
  type NodeLife,
  newLife,
  stepLife,
  usualLifeSettings,
} from '../placement/power/node-life.ts'
import { wattsAt, withinCap } from '../placement/power/power-profile.ts'
import type { PowerNode } from '../placement/power/power-view.ts'
import { learnWake, priorWakeTime, type WakeTime, wakeLimitSeconds } from '../placement/power/wake-time.ts'
import type { Clock, Planned } from './clock.ts'
import { EnergyAccount, type WattsTotal } from './energy-account.ts'
import type { FleetNode } from './fleet.ts'
import type { Random } from './random.ts'

export interface PowerNodeEvents {
  /** It can work from now on. */
  up(node: string): void
  /** Its power is about to go. */
  down(node: string): void
  changed(): void
}

/** One board: its life as placement keeps it, its power as it really is, and what it draws. */
export class SimulatedNode {
  readonly spec: FleetNode
  readonly energy: EnergyAccount
  life: NodeLife
  boots = 0
  readonly reports = new Map<LifeReport, number>()
  readonly #clock: Clock
  readonly #random: Random
  readonly #events: PowerNodeEvents
  #wakeTime: WakeTime = priorWakeTime
  #awakeSinceMs = 0
  #leases = 0
  #share = 0
  #power: 'off' | 'booting' | 'on' | 'ending'
  #changing: Planned | null = null
  #limit: Planned | null = null

  constructor(
    spec: FleetNode,
    start: {
      readonly isOn: boolean
      readonly clock: Clock
      readonly random: Random
      readonly total: WattsTotal
    },
    events: PowerNodeEvents,
  ) {
    const { isOn, clock, random, total } = start
    this.spec = { ...spec, ...withinCap(spec.profile, spec.capacity, spec.capWatts) }
    this.#clock = clock
    this.#random = random
    this.#events = events
    this.#power = isOn ? 'on' : 'off'
    this.life = newLife(isOn ? 'ready' : 'off', clock.nowMs, `${spec.id}-0`)
    // It has been off for long when the simulation begins.
    if (!isOn) this.life = { ...this.life, sinceMs: Number.NEGATIVE_INFINITY }
    this.energy = new EnergyAccount(this.#wattsNow(), clock.nowMs, total)
  }

  get isAwake(): boolean {
    return isAwake(this.life)
  }

  /** Its encoders make something, or their beats have not told yet that they do not. */
  get isBusy(): boolean {
    return this.#share > 0
  }

  /** What placement knows of it. */
  view(): PowerNode {
    const { id, platforms, capacity, profile } = this.spec
    const { phase, sinceMs } = this.life
    const wakingSeconds = (this.#clock.nowMs - sinceMs) / 1000
    return {
      id,
      platforms,
      capacity,
      profile,
      phase,
      capWatts: null,
      sinceMs: this.isAwake || phase === 'draining' ? this.#awakeSinceMs : sinceMs,
      ...(phase === 'waking' && {
        comingSeconds: this.#wakeTime.meanSeconds + 2 * this.#wakeTime.spreadSeconds - wakingSeconds,
      }),
    }
  }

  tell(event: LifeEvent): void {
    const { life, actions } = stepLife(this.life, event, this.#clock.nowMs, {
      ...usualLifeSettings,
      wakeLimitMs: wakeLimitSeconds(this.#wakeTime) * 1000,
    })
    const wasAwake = this.isAwake
    const before = this.life.phase
    this.life = life
    if (this.isAwake && !wasAwake) this.#awakeSinceMs = this.#clock.nowMs
    for (const action of actions) this.#carryOut(action)
    if (before !== this.life.phase) this.#watchLimit()
  }

  /** What its encoders are doing. */
  busy(leases: number, share: number): void {
    const hadLeases = this.#leases > 0
    this.#leases = leases
    this.#share = share
    if (this.#power === 'on') this.energy.draw(this.#wattsNow(), this.#clock.nowMs)
    if (leases > 0 !== hadLeases && this.#power === 'on') this.#beat()
  }

  #beat(): void {
    this.tell({ type: 'beat', boot: `${this.spec.id}-${this.boots}`, leases: this.#leases })
  }

  #carryOut(action: LifeAction): void {
    switch (action.type) {
      case 'power-on':
      case 'power-cycle':
        this.#boot()
        return
      case 'power-off':
        this.#shutDown()
        return
      case 'woke':
        this.#wakeTime = learnWake(this.#wakeTime, action.seconds)
        return
      case 'report':
        this.reports.set(action.what, (this.reports.get(action.what) ?? 0) + 1)
        return
      default:
        // It is the head that gives it nothing more, or something again.
        this.#events.changed()
    }
  }

  #boot(): void {
    const { profile, wakeSpreadSeconds, wakeFailures } = this.spec
    this.#changing?.cancel()
    this.boots += 1
    this.#become('booting')
    const comes = this.#random.next() >= wakeFailures
    const seconds = Math.max(
      profile.wakeSeconds / 2,
      this.#random.normal(profile.wakeSeconds, wakeSpreadSeconds),
    )
    if (!comes) return
    this.#changing = this.#clock.after(seconds * 1000, () => {
      this.#become('on')
      this.#events.up(this.spec.id)
      this.#beat()
      this.#events.changed()
    })
  }

  #shutDown(): void {
    this.#changing?.cancel()
    this.#become('ending')
    this.#events.down(this.spec.id)
    this.#changing = this.#clock.after(this.spec.profile.sleepSeconds * 1000, () => {
      this.#leases = 0
      this.#share = 0
      this.#become('off')
      this.tell({ type: 'gone' })
      this.#events.changed()
    })
  }

  #become(power: 'off' | 'booting' | 'on' | 'ending'): void {
    this.#power = power
    this.energy.draw(this.#wattsNow(), this.#clock.nowMs)
  }

  #wattsNow(): number {
    const { profile } = this.spec
    const watts = {
      ...{ off: profile.offWatts, booting: profile.wakeWatts, ending: profile.sleepWatts },
      on: wattsAt(profile, this.#share),
    }
    return watts[this.#power]
  }

  #watchLimit(): void {
    this.#limit?.cancel()
    const { phase, retryAtMs, sinceMs } = this.life
    const atMs =
      phase === 'waking'
        ? sinceMs + wakeLimitSeconds(this.#wakeTime) * 1000
        : phase === 'failed'
          ? retryAtMs
          : null
    if (atMs === null) return
    // A little later, so that rounding does not make it too early again and again.
    this.#limit = this.#clock.at(atMs + 1, () => {
      this.tell({ type: 'tick' })
      this.#watchLimit()
      this.#events.changed()
    })
  }
}
