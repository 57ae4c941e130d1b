import { readProgramMap } from '../mpegts/tables.ts'
import { ticksPerSecond } from '../mpegts/timestamp.ts'
import { readAccessUnits } from '../mpegts/units.ts'
import type { AacFormat } from './adts.ts'
import { type ClockOrigin, type SoundFrame, soundFrames } from './sound-track.ts'

/** The frames of sound in the transport streams of a session, in source time. */
export interface SoundReader {
  /** Files come in order. Throws MalformedMp4 or MalformedTransportStream for what is no whole file of AAC. */
  read(file: Buffer): readonly SoundFrame[]
  /** Of the first frame that was read; null before it. */
  readonly format: AacFormat | null
  memory(): SoundReaderMemory
}

/** Everything that passes from file to file. */
export interface SoundReaderMemory {
  readonly origin: ClockOrigin
  readonly format: AacFormat | null
}

/** @param offsetSeconds how far timestamps in the files lie after source time. */
export function createSoundReader(offsetSeconds: number, memory?: SoundReaderMemory): SoundReader {
  // The 33 bits of a time wrap after 26 hours: each file is placed by the one before.
  let origin: ClockOrigin = memory?.origin ?? { ticks: offsetSeconds * ticksPerSecond, seconds: 0 }
  let settled: AacFormat | null = memory?.format ?? null
  return {
    memory: () => ({ origin, format: settled }),
    get format() {
      return settled
    },
    read(file) {
      const stream = readProgramMap(file)[0]
      const units = stream ? readAccessUnits(file, stream.pid) : []
      const [unit] = units
      if (!unit) return []
      const read = soundFrames(units, origin)
      const { format, frame } = read[0]!
      settled ??= format
      origin = { ticks: unit.pts, seconds: frame.start / format.rate }
      return read.map((each) => each.frame)
    },
  }
}
