/** What is inside a number of watts. Numbers of two boundaries are neither added up nor compared. */
export type Boundary = 'chip' | 'module' | 'board' | 'port' | 'wall'

export interface Reading {
  readonly watts: number
  /** Which sensor or model: `ina3221 VDD_IN`. */
  readonly source: string
  readonly basis: 'measured' | 'modelled'
  readonly boundary: Boundary
  /**
   * Joules on a counter of the sensor's own, where it has one: only differences mean something, and only while they are
   * not negative, since such counters can be reset.
   */
  readonly joules?: number
}

/** Reads one node's watts. Meters of a node's own sensors load no package: an agent carries them. */
export interface Meter {
  readonly source: string
  /**
   * @throws PacelineError E_METER_DENIED without the right to read, E_POWER_ANSWER for what makes no sense, and
   * E_POWER_… as the drivers for meters behind a network; the signal's reason when that is aborted
   */
  read(signal?: AbortSignal): Promise<Reading>
}
