import { type ErrorCode, PacelineError } from '../../errors.ts'
import { DenialHold } from '../denial-hold.ts'
import { pause } from '../pause.ts'
import { Secret, withoutSecrets } from '../secret.ts'
import { withinTime } from '../within-time.ts'
import type { Device, Observation, Power, PowerDriver, PowerOutcome, PowerState } from './driver.ts'
import { probePort } from './probe.ts'
import type { SwitchSettings } from './switch-settings.ts'

/** Failures that another try will not mend. */
const lasting: readonly ErrorCode[] = ['E_POWER_DENIED', 'E_POWER_CANNOT', 'E_POWER_SETTINGS']

/** A device that has just been switched is asked this often. */
const firstPollMs = 100
const longestPollMs = 1_000

/** What every driver does around its device: tries again, knows limits, makes sure, and never does two things at once. */
export class PowerSwitch implements PowerDriver {
  readonly kind: string
  readonly name: string
  readonly #device: Device
  readonly #settings: SwitchSettings
  readonly #secrets: readonly Secret[]
  readonly #hold: DenialHold
  readonly #nowMs: () => number
  #asked: Power | 'unknown' = 'unknown'
  #busy = false

  constructor(
    device: Device,
    settings: SwitchSettings,
    secrets: readonly Secret[] = [],
    nowMs = () => performance.now(),
  ) {
    this.kind = device.kind
    this.name = device.name
    this.#device = device
    this.#settings = settings
    this.#secrets = [...secrets, ...(device.unspoken ?? []).map((text) => new Secret(text))]
    this.#nowMs = nowMs
    this.#hold = new DenialHold(device.name, nowMs)
  }

  on(signal?: AbortSignal): Promise<PowerOutcome> {
    return this.#switch('on', signal)
  }

  off(signal?: AbortSignal): Promise<PowerOutcome> {
    return this.#switch('off', signal)
  }

  async state(signal?: AbortSignal): Promise<PowerState> {
    if (this.#settings.dryRun) return this.#stateFrom({ evidence: 'dry run: not asked' })
    return this.#stateFrom(await this.#observe(signal))
  }

  async close(): Promise<void> {
    await this.#device.close?.()
  }

  async #switch(power: Power, signal?: AbortSignal): Promise<PowerOutcome> {
    if (this.#busy) throw new PacelineError('E_POWER_BUSY', `${this.name}: ${power}`)
    const what = this.#device.describe(power)
    if (this.#settings.dryRun) {
      const state = this.#stateFrom({ evidence: 'dry run: nothing sent' })
      return { sent: false, what, attempts: 0, confirmed: false, state }
    }
    this.#busy = true
    try {
      for (let attempt = 1; ; attempt++) {
        const result = await this.#try(power, signal)
        if ('state' in result) return { sent: true, what, attempts: attempt, ...result }
        signal?.throwIfAborted()
        if (attempt >= this.#settings.attempts || lasting.includes(result.failure.code)) throw result.failure
        await pause(this.#settings.retrySeconds * 1_000 * 2 ** (attempt - 1), signal)
      }
    } finally {
      this.#busy = false
    }
  }

  async #try(
    power: Power,
    signal?: AbortSignal,
  ): Promise<{ state: PowerState; confirmed: boolean } | { failure: PacelineError }> {
    try {
      await this.#ask((limit) => this.#device.command(power, limit), signal)
      this.#asked = power
      return await this.#confirm(power, signal)
    } catch (error) {
      if (error instanceof PacelineError) return { failure: error }
      throw error
    }
  }

  async #confirm(power: Power, signal?: AbortSignal): Promise<{ state: PowerState; confirmed: boolean }> {
    const cannotTell = this.#device.observe === undefined && this.#settings.probe === undefined
    if (this.#settings.confirmSeconds === 0 || cannotTell)
      return { state: this.#stateFrom({ evidence: 'not confirmed' }), confirmed: false }
    const deadlineMs = this.#nowMs() + this.#settings.confirmSeconds * 1_000
    for (let waitMs = firstPollMs; ; waitMs = Math.min(longestPollMs, waitMs * 2)) {
      const isLast = this.#nowMs() >= deadlineMs
      const seen = await this.#observe(signal).catch((error: unknown) => {
        const passes = error instanceof PacelineError && !lasting.includes(error.code)
        if (isLast || !passes) throw error
        return undefined
      })
      const verdict = seen && judge(seen, power)
      if (seen && (verdict === 'agrees' || (isLast && verdict === 'unknown')))
        return { state: this.#stateFrom(seen), confirmed: verdict === 'agrees' }
      if (isLast)
        throw new PacelineError('E_POWER_UNCHANGED', `${this.name}: told ${power}, but ${seen?.evidence}`)
      await pause(Math.min(waitMs, Math.max(0, deadlineMs - this.#nowMs())), signal)
    }
  }

  /** The device's own word, and the probe's where the device cannot see. */
  async #observe(signal?: AbortSignal): Promise<Observation> {
    const seen = await this.#ask(async (limit) => this.#device.observe?.(limit), signal)
    const { probe } = this.#settings
    if (seen?.observed !== undefined || probe === undefined) return seen ?? { evidence: 'nothing can tell' }
    const probed = await this.#ask((limit) => probePort(probe, limit), signal)
    const evidence = seen ? `${seen.evidence}; ${probed.evidence}` : probed.evidence
    return { ...seen, ...probed, evidence }
  }

  /** One call of the device: limited in time, held back after a denial, and without secrets in what it fails with. */
  async #ask<T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#hold.check()
    try {
      const answer = await withinTime(call, this.#settings.timeoutSeconds * 1_000, this.name, signal)
      this.#hold.passed()
      return answer
    } catch (error) {
      if (!(error instanceof PacelineError)) throw signal?.aborted ? error : this.#ownFault(error)
      if (error.code === 'E_POWER_DENIED') this.#hold.denied()
      const { code, hint } = error
      throw new PacelineError(code, withoutSecrets(error.where, this.#secrets), { hint })
    }
  }

  /** What the runtime says of a value that it does not take repeats it, escaped: its code has to do. */
  #ownFault(error: unknown): PacelineError {
    const { code, message } = error as NodeJS.ErrnoException
    return new PacelineError('E_INTERNAL', `${this.name}: ${code ?? withoutSecrets(message, this.#secrets)}`)
  }

  #stateFrom({ commanded, observed, evidence }: Observation): PowerState {
    return {
      asked: this.#asked,
      commanded: commanded ?? this.#asked,
      observed: observed ?? 'unknown',
      evidence: withoutSecrets(evidence, this.#secrets),
    }
  }
}

/**
 * What is seen decides; where nothing is seen, what the device says it was told, unless something is still to be seen; else
 * nobody knows.
 */
function judge(
  { observed, commanded, isAwaited }: Observation,
  power: Power,
): 'agrees' | 'other' | 'unknown' {
  const word = observed ?? commanded
  if (word === undefined || (observed === undefined && isAwaited && word === power)) return 'unknown'
  return word === power ? 'agrees' : 'other'
}
