/** What a proof depends on: with anything else all has to be proved again. */
export interface MachineFacts {
  readonly ffmpeg: {
    /** Without links. */
    readonly path: string
    readonly size: number
    readonly modifiedMs: number
    /** Its first line of `-version`. */
    readonly version: string
  }
  /** Versions or states of drivers and their libraries, in any order. */
  readonly drivers: readonly string[]
  /** Release of the kernel. */
  readonly kernel: string
  /** Device files, and whose chips are behind them, in any order. */
  readonly devices: readonly string[]
}

/** Goes up when proofs become others than they were, so that what was proved before counts no more. */
const proofVersion = 3

/** All of it in one text, the same for the same machine, to be digested. */
export function fingerprintText({ ffmpeg, drivers, kernel, devices }: MachineFacts): string {
  const { path, size, modifiedMs, version } = ffmpeg
  return JSON.stringify([
    ...[proofVersion, path, size, modifiedMs, version, kernel],
    ...[drivers.toSorted(), devices.toSorted()],
  ])
}

/** What of two machines is not the same, in plain words; empty where they are alike. */
export function differences(before: MachineFacts, now: MachineFacts): readonly string[] {
  const same = (of: (facts: MachineFacts) => unknown): boolean =>
    JSON.stringify(of(before)) === JSON.stringify(of(now))
  return [
    ...(same(({ ffmpeg }) => ffmpeg) ? [] : ['ffmpeg']),
    ...(same(({ drivers }) => drivers.toSorted()) ? [] : ['drivers']),
    ...(same(({ kernel }) => kernel) ? [] : ['the kernel']),
    ...(same(({ devices }) => devices.toSorted()) ? [] : ['devices']),
  ]
}
