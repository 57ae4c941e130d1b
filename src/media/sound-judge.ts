import type { Packet } from './key-frames.ts'
import type { SeekVerdict } from './seeking.ts'

/** What is asked of the times of a film's sound. */
export interface SoundRule {
  /** Seconds per tick. */
  readonly tickSeconds: number
  /** How far its times may lie from where the samples before put it, seconds. */
  readonly toleranceSeconds: number
  /** Of every packet, where the codec says so; else each has its own, as its container rounds it. */
  readonly packetSeconds: number | null
  /** Lengths are rounded, so that nothing is known but whether the next packet follows. */
  readonly onlySteps: boolean
}

/**
 * Tells from all packets of a film's sound, in the order of the file, whether a lease may begin in the middle. A
 * resampler goes by samples, and looks at times only where they are a tenth of a second away: a lease that begins in the
 * middle of sound whose times and samples do not agree has it elsewhere than one from the beginning.
 */
export class SoundJudge {
  readonly #rule: SoundRule
  #last: Packet | null = null
  #awaySeconds = 0
  #uneven: string | null = null

  constructor(rule: SoundRule) {
    this.#rule = rule
  }

  /** Answers whether anything that follows can still change the verdict. */
  take(packet: Packet): 'more' | 'enough' {
    const { time } = packet
    if (this.#uneven !== null) return 'enough'
    if (time === null || packet.hidden) return 'more'
    const last = this.#last
    this.#last = packet
    if (last === null || last.time === null) return 'more'
    const { tickSeconds, toleranceSeconds, packetSeconds, onlySteps } = this.#rule
    const lengthSeconds = packetSeconds ?? (last.duration || packet.duration) * tickSeconds
    const awaySeconds = (time - last.time) * tickSeconds - lengthSeconds
    this.#awaySeconds = awaySeconds + (onlySteps ? 0 : this.#awaySeconds)
    if (Math.abs(this.#awaySeconds) <= toleranceSeconds) return 'more'
    const at = (time * tickSeconds).toFixed(3)
    this.#uneven = `${(this.#awaySeconds * 1000).toFixed(2)} ms at ${at} s`
    return 'enough'
  }

  verdict(): SeekVerdict {
    if (this.#uneven === null) return { kind: 'seek', marginSeconds: 0 }
    return { kind: 'one-piece', why: 'sound-uneven', detail: this.#uneven }
  }
}
