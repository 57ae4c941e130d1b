import { ticksBetween, ticksPerSecond } from '../mpegts/timestamp.ts'
import type { AccessUnit } from '../mpegts/units.ts'
import { type AacFormat, readAdtsFrame } from './adts.ts'
import type { Track } from './init-segment.ts'
import { soundEntry } from './sample-entry.ts'

/** Samples in a frame of AAC, and how many of the first one are the encoder's priming. */
export const aacFrameSamples = 1024
export const aacPrimingSamples = 1024

/** A frame of sound on its way into a segment. Times are samples. */
export interface SoundFrame {
  readonly start: number
  readonly duration: number
  readonly data: Buffer
}

/** The session's track of sound: all but the bit rate is in the first frame. */
export function soundTrack(format: AacFormat, bitrate: number): Track {
  return {
    ...{ kind: 'sound', timescale: format.rate, delay: aacPrimingSamples },
    sampleEntry: soundEntry(format, bitrate),
    ...{ width: 0, height: 0 },
  }
}

/** A time of the transport stream, ticks of 1/90000 s, and the source time that it stands for, seconds. */
export interface ClockOrigin {
  readonly ticks: number
  readonly seconds: number
}

/**
 * Frames of a transport stream, each a PES packet of its own, placed in source time; `origin` lies within hours of them. The last frame of all may hold fewer samples than
 * others: a lease tells by decoding it as much earlier.
 */
export function soundFrames(
  units: readonly AccessUnit[],
  origin: ClockOrigin,
): { format: AacFormat; frame: SoundFrame }[] {
  return units.map((unit) => {
    const { format, raw } = readAdtsFrame(unit.data)
    const seconds = origin.seconds + ticksBetween(origin.ticks, unit.pts) / ticksPerSecond
    const missing = Math.round((ticksBetween(unit.dts, unit.pts) * format.rate) / ticksPerSecond)
    return {
      format,
      frame: { start: Math.round(seconds * format.rate), duration: aacFrameSamples - missing, data: raw },
    }
  })
}
