export type Power = 'on' | 'off'

/** What a device says when asked. */
export interface Observation {
  /** What it was last told, by whomever. Absent where it does not say. */
  readonly commanded?: Power
  /** What is so: watts drawn, power delivered, a port that answers. Absent where nothing looks. */
  readonly observed?: Power
  /** What would observe it has not been heard of since the last command. */
  readonly isAwaited?: true
  /** What this rests on, for people: `relay closed, 0.0 W`. */
  readonly evidence: string
}

/**
 * One kind of device, one try at a time. Retries, time limits, confirmation and dry runs are the same for all and live
 * in `PowerSwitch`. Both calls end soon after the signal is aborted, and fail with a PacelineError.
 */
export interface Device {
  readonly kind: string
  /** Which one, for messages, without secrets: `shelly at http://192.168.1.20, channel 0`. */
  readonly name: string
  /** What is written of it and may be a secret, though nobody said so: masked in messages where the device repeats it. */
  readonly unspoken?: readonly string[]
  /** What a command sends, for dry runs and logs, without secrets. */
  describe(power: Power): string
  command(power: Power, signal: AbortSignal): Promise<void>
  observe?(signal: AbortSignal): Promise<Observation>
  close?(): Promise<void>
}

/** What is known of a node's power, with what was ordered and what was seen kept apart. */
export interface PowerState {
  /** What this driver was last asked for, and the device took. */
  readonly asked: Power | 'unknown'
  /** What the device was last told: where it says so itself, by whomever; else by this driver. */
  readonly commanded: Power | 'unknown'
  /** What was seen, whatever was ordered. */
  readonly observed: Power | 'unknown'
  readonly evidence: string
}

/** How a command went; one that failed is a PacelineError instead. */
export interface PowerOutcome {
  /** False in a dry run. */
  readonly sent: boolean
  /** What was or would have been sent, without secrets. */
  readonly what: string
  /** How often it was tried. */
  readonly attempts: number
  /** Whether the state afterwards was asked for and agreed. */
  readonly confirmed: boolean
  readonly state: PowerState
}

/**
 * Switches one node's power.
 *
 * @example
 * const driver = makeDriver(checkDriverSettings({ driver: 'tasmota', url: 'http://192.168.1.30' }, 'nodes.pi5'))
 * const { confirmed } = await driver.on(AbortSignal.timeout(60_000))
 */
export interface PowerDriver {
  readonly kind: string
  readonly name: string
  /**
   * Ends when the device took the command and, where it can tell, was seen to have done it.
   *
   * @throws PacelineError with one of the codes E_POWER_…; the signal's reason when that is aborted
   */
  on(signal?: AbortSignal): Promise<PowerOutcome>
  /** As `on`. */
  off(signal?: AbortSignal): Promise<PowerOutcome>
  /** Asks once. In a dry run nothing is sent, not even the question. */
  state(signal?: AbortSignal): Promise<PowerState>
  /** Gives connections back. */
  close(): Promise<void>
}
