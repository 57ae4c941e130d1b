import type { Logger } from 'pino'
import {
  isAwake,
  type LifeAction,
  type LifeEvent,
  type LifeReport,
  type LifeSettings,
  type NodeLife,
  newLife,
  pauseMsAfter,
  stepLife,
  usualLifeSettings,
} from '../../placement/power/node-life.ts'
import { learnWake, type WakeTime, wakeLimitSeconds } from '../../placement/power/wake-time.ts'
import type { PowerDriver } from '../../power/drivers/driver.ts'
import type { NodePowerSettings } from '../../power/power-settings.ts'
import { keptUntilFrom, lifeFrom, suspends } from './kept-life.ts'
import type { KeptNode } from './kept-power.ts'
import { reportCodes, reportWords } from './life-reports.ts'
import { createPowerCommands, type PowerCommands } from './power-commands.ts'
import type { PowerCommand, PowerDecided, PowerReason, PowerReport } from './power-state.ts'

export interface NodeKeeperOptions {
  readonly name: string
  /** Null where nothing is written of it. */
  readonly settings: NodePowerSettings | null
  /** Null where nobody switches it. */
  readonly driver: PowerDriver | null
  /** Its driver only says what it would do, and it goes on as if there were none. */
  readonly isDry: boolean
  readonly past: KeptNode | undefined
  readonly nowMs: () => number
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** What is shown of it has changed; `isOther`: its phase has, and with it perhaps who may be given work. */
  readonly onChange: (isOther: boolean) => void
}

/** Of a node whose waking was never seen, and of which nothing is written. */
const priorSeconds = 30
/** Before it has been seen the spread of a wake is taken for a third of it. */
const priorSpread = 1 / 3

const lateBeatMs = 10_000

/** One node's life as the head keeps it: what is heard of it goes in, and its power commands come out. */
export class NodeKeeper {
  readonly name: string
  readonly settings: NodePowerSettings | null
  /** Whether power is switched for it. */
  readonly isSwitched: boolean
  wakeTime: WakeTime
  keptUntilMs: number | null
  decided: PowerDecided | null = null
  report: PowerReport | null = null
  command: PowerCommand | null = null
  /** Since when it could work; see PowerNode. */
  awakeSinceMs: number
  /** This head has heard it. */
  isHeard = false
  #staysUntilMs: number | null = null
  /** Times that it did so since it was last woken as it should be. */
  #timesStayed = 0
  /** It is off because it was told to be. */
  #isPutToSleep = false
  #life: NodeLife
  #machine: string | null = null
  #isNew: boolean
  readonly #options: NodeKeeperOptions
  readonly #commands: PowerCommands | null
  /** Off means suspended: the same agent wakes up again. */
  readonly isSuspending: boolean

  constructor(options: NodeKeeperOptions) {
    const { settings, past, driver, nowMs } = options
    this.#options = options
    this.name = options.name
    this.settings = settings
    this.#isNew = past === undefined
    this.isSwitched = driver !== null && !options.isDry
    const meanSeconds = settings?.profile.wakeSeconds ?? priorSeconds
    this.wakeTime = past?.wakeTime ?? { meanSeconds, spreadSeconds: meanSeconds * priorSpread, seen: 0 }
    this.#life = lifeFrom(past, nowMs(), this.isSwitched)
    this.awakeSinceMs = this.#life.sinceMs
    this.keptUntilMs = keptUntilFrom(past, nowMs())
    this.isSuspending = settings?.driver ? suspends(settings.driver) : false
    this.#commands =
      driver &&
      createPowerCommands({
        ...{ driver, nowMs, settleMs: (settings?.profile.sleepSeconds ?? 0) * 1000 },
        onChange: (command) => this.#commanded(command),
        onCut: () => this.#wasCut(),
      })
  }

  get life(): NodeLife {
    return this.#life
  }

  get driverName(): string | null {
    return this.#options.driver?.kind ?? null
  }

  /** It must be given nothing: it is on its way to sleep, or there again before its time. */
  get isLeaving(): boolean {
    return this.isSwitched && this.isHeard && !isAwake(this.#life)
  }

  /**
   * It did not go, or came back at once, and is not told to go again before then, but by a person: what is broken about that
   * is not mended by trying on. Null for all others.
   */
  get staysUntilMs(): number | null {
    const untilMs = this.#staysUntilMs
    return untilMs !== null && isAwake(this.#life) && this.#options.nowMs() < untilMs ? untilMs : null
  }

  /** A person has put it to sleep, and it is on its way. */
  get isSentToSleep(): boolean {
    const { phase } = this.#life
    const isOnItsWay = phase === 'draining' || phase === 'going-to-sleep'
    return isOnItsWay && this.decided?.what === 'sleep' && this.decided.reason === 'by-hand'
  }

  /** When it is expected while it wakes; null otherwise. */
  get wakeExpectedAtMs(): number | null {
    return this.#life.phase === 'waking' ? this.#life.sinceMs + this.wakeTime.meanSeconds * 1000 : null
  }

  /** By what was heard of it last it should be there. */
  get countsAsThere(): boolean {
    const { phase } = this.#life
    return isAwake(this.#life) || phase === 'draining' || phase === 'going-to-sleep'
  }

  /** Its agent is heard. */
  heard(beat: { readonly boot: string; readonly machine?: string; readonly leases: number }): void {
    const isOtherMachine =
      this.#machine !== null && beat.machine !== undefined && beat.machine !== this.#machine
    this.#machine = beat.machine ?? this.#machine
    this.isHeard = true
    // Whatever it says, it must be given nothing: what is under way will end this agent too.
    if (this.#isCutting) {
      this.#life = { ...this.#life, boot: beat.boot }
      return
    }
    // A beat that was under way comes within moments; one that goes on has not gone off.
    const { phase, sinceMs } = this.#life
    // Nobody has known anything of it, so there is nothing to wonder at.
    if (this.#isNew && this.#life.phase === 'off')
      this.#life = newLife('ready', this.#options.nowMs(), beat.boot)
    this.#isNew = false
    const neverWent = (phase === 'off' || phase === 'waking') && this.#options.nowMs() - sinceMs > lateBeatMs
    if (neverWent) this.#life = { ...this.#life, boot: null }
    this.#tell({ type: 'beat', boot: beat.boot, leases: beat.leases }, isOtherMachine)
  }

  /** Nothing is heard of it any more. */
  gone(): void {
    this.isHeard = false
    this.#tell({ type: 'gone' })
  }

  tick(): void {
    if (this.keptUntilMs !== null && this.#options.nowMs() >= this.keptUntilMs) {
      this.keptUntilMs = null
      this.#options.onChange(true)
    }
    // A device that is slow uses up none of the node's own time.
    if (!this.#isCutting) this.#tell({ type: 'tick' })
  }

  /** As decided. Without a driver nothing follows, and in a dry run the driver says what would have. */
  wake(reason: PowerReason): void {
    const { phase } = this.#life
    if (isAwake(this.#life) || phase === 'waking' || this.#life.wantsWake) return
    // A person insists: nobody waits for the end of the pause then.
    if (phase === 'failed') {
      if (reason !== 'by-hand') return
      this.#life = { ...this.#life, phase: 'off', retryAtMs: null }
    }
    this.#decide('wake', reason)
    if (this.isSwitched) this.#tell({ type: 'wake' })
  }

  /** As {@link wake}. */
  sleep(reason: PowerReason): void {
    if (!isAwake(this.#life) || (reason !== 'by-hand' && this.staysUntilMs !== null)) return
    this.#staysUntilMs = null
    this.#decide('sleep', reason)
    if (this.isSwitched) this.#tell({ type: 'sleep' })
  }

  /** Keeps it awake until then; null: as everybody else. */
  keep(untilMs: number | null): void {
    this.keptUntilMs = untilMs
    this.#options.onChange(true)
  }

  async close(): Promise<void> {
    await this.#commands?.close()
    await this.#options.driver?.close()
  }

  get #isCutting(): boolean {
    return this.isSwitched && this.#commands?.isCutting === true
  }

  /** An `off` has ended: only now does it have time to go, or to come. */
  #wasCut(): void {
    const { phase } = this.#life
    if (this.isSwitched && (phase === 'waking' || phase === 'going-to-sleep'))
      this.#life = { ...this.#life, sinceMs: this.#options.nowMs() }
  }

  #decide(what: PowerDecided['what'], reason: PowerReason): void {
    // The policy says the same again and again for as long as it holds.
    const isSame = this.decided?.what === what && this.decided.reason === reason
    if (isSame && !this.isSwitched) return
    const { nowMs, log, isDry, onChange } = this.#options
    this.decided = { what, reason, atMs: nowMs() }
    log.info(
      { node: this.name, reason, dryRun: isDry },
      what === 'wake' ? 'a node is woken' : 'a node goes to sleep',
    )
    if (!this.isSwitched) this.#commands?.run(what === 'wake' ? 'on' : 'off')
    onChange(false)
  }

  #tell(event: LifeEvent, isOtherMachine = false): void {
    const { nowMs, onChange } = this.#options
    const before = this.#life
    const { life, actions } = stepLife(before, event, nowMs(), this.#limits())
    this.#life = life
    if (isAwake(life) && !isAwake(before)) this.awakeSinceMs = nowMs()
    if (before.phase === 'waking' && isAwake(life)) this.#timesStayed = 0
    if (before.phase === 'going-to-sleep') this.#isPutToSleep = life.phase === 'off'
    else if (life.phase !== 'off' && before.phase !== 'off') this.#isPutToSleep = false
    for (const action of actions) this.#carryOut(action, isOtherMachine)
    const isOther = life.phase !== before.phase
    if (isOther || actions.length > 0 || life.boot !== before.boot) onChange(isOther)
  }

  #limits(): LifeSettings {
    return {
      ...usualLifeSettings,
      wakeLimitMs: wakeLimitSeconds(this.wakeTime) * 1000,
      keepsBoot: this.isSuspending,
    }
  }

  #carryOut(action: LifeAction, isOtherMachine: boolean): void {
    switch (action.type) {
      case 'power-on':
        this.#commands?.run('on')
        return
      case 'power-cycle':
        this.#commands?.run('cycle')
        return
      case 'power-off':
        this.#commands?.run('off')
        return
      case 'woke':
        this.wakeTime = learnWake(this.wakeTime, action.seconds)
        this.#options.log.info({ node: this.name, seconds: Math.round(action.seconds) }, 'a node has woken')
        return
      case 'report':
        this.#reported(action.what, isOtherMachine ? 'its machine has started anew' : action.reason)
        return
      case 'drain':
      case 'resume':
      // Whoever shares nodes out sees its phase, and gives it nothing more, or something again.
    }
  }

  #reported(what: LifeReport, reason: string): void {
    // Nodes that nobody switches come and go as they like.
    if (!this.isSwitched) return
    const { nowMs, log } = this.#options
    this.report = { what, reason, atMs: nowMs() }
    if (what === 'did-not-sleep' || (what === 'woke-by-itself' && this.#isPutToSleep)) {
      this.#isPutToSleep = false
      this.#staysUntilMs = nowMs() + pauseMsAfter(this.#timesStayed)
      this.#timesStayed += 1
    }
    const code = reportCodes[what]
    log.warn({ node: this.name, reason, ...(code && { code }) }, reportWords[what])
  }

  #commanded(command: PowerCommand): void {
    const { log, onChange } = this.#options
    this.command = command
    const { what, told, failure, endedMs, isDry } = command
    const said = { node: this.name, told, ...(isDry && { dryRun: true }) }
    if (failure)
      log.warn({ ...said, code: failure.code, failure: failure.message }, `power ${what} has failed`)
    else if (endedMs !== null) log.info(said, `power ${what}`)
    const { phase } = this.#life
    if (failure && !isDry && phase === (what === 'off' ? 'going-to-sleep' : 'waking'))
      this.#tell({ type: 'power-failed', reason: `${failure.code}: ${failure.message}` })
    // What is seen to be off needs no silence to prove it; after a suspend the same agent may still be heard.
    else if (command.isSeen && what === 'off' && phase === 'going-to-sleep' && !this.isSuspending) this.gone()
    onChange(false)
  }
}
