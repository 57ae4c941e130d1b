import type { Capabilities } from './capabilities.ts'
import type { MachineFacts } from './proof-fingerprint.ts'

/** Stands for a reason where there is none: it may well work. */
export const untried = 'there was no time left to try it'

/** One path that was tried, or would have been. */
export interface ProofRow {
  /** In plain words, e.g. `decoding hevc of 10 bits by nvdec`. */
  readonly what: string
  /** Null where it works; else why not: ffmpeg's own words, what is wrong with its pictures, or {@link untried}. */
  readonly why: string | null
  /** Pictures per second, where that was measured: of 1920x1080 before anything is done to them. */
  readonly framesPerSecond?: number
}

/** All that came of proving one platform on a machine. */
export interface PlatformProof {
  readonly platform: string
  /** Null where nothing of it works. */
  readonly capabilities: Capabilities | null
  readonly rows: readonly ProofRow[]
  /** Why it is not offered though some of it works; null where it is, or nothing does. */
  readonly kept: string | null
}

/** All that was proved on a machine with one ffmpeg. */
export interface MachineProof {
  /** Digest of {@link machine}. */
  readonly fingerprint: string
  readonly machine: MachineFacts
  /** Of every platform there are tables of, those that do not work with them. */
  readonly platforms: readonly PlatformProof[]
}
