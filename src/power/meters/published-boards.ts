import type { PowerModel } from './model.ts'

/** A kind of computer, and what others have measured of it. */
export interface PublishedBoard {
  readonly name: string
  readonly model: PowerModel
}

type Row = readonly [pattern: RegExp, name: string, idleWatts: number, busyWatts: number]

/**
 * Idle and busy watts at the wall as published in geerlingguy/sbc-reviews, web/data/results.yml (968b675e). Boards are
 * known by what their device tree or their processor is called; the first that fits counts. N100 and N150 are
 * processors: the numbers are those of a LattePanda Mu and of a GMKtec G3 Plus.
 */
const published: readonly Row[] = [
  [/^Raspberry Pi 4/, 'Raspberry Pi 4', 1.6, 5],
  [/^Raspberry Pi 5/, 'Raspberry Pi 5', 2.8, 9.7],
  [/^Raspberry Pi Compute Module 5/, 'Raspberry Pi CM5', 2.4, 8.5],
  [/Orange ?Pi 5 Max/i, 'Orange Pi 5 Max', 1.4, 10.9],
  [/Radxa (Compute Module 5|CM5)/i, 'Radxa CM5', 1.2, 8.4],
  [/Turing (Machines )?RK1/i, 'Turing RK1', 2.85, 15],
  [/\bN100\b/, 'N100', 5.5, 22.1],
  [/\bN150\b/, 'N150', 9.3, 25],
]

/**
 * What is published of the computer that calls itself so; undefined where nothing is.
 *
 * @param identity the model in the device tree, or the name of the processor in /proc/cpuinfo
 */
export function publishedBoard(identity: string): PublishedBoard | undefined {
  const row = published.find(([pattern]) => pattern.test(identity))
  if (row === undefined) return undefined
  const [, name, idleWatts, busyWatts] = row
  return { name, model: { idleWatts, busyWatts, offWatts: 0 } }
}
