import { inspectSegment } from './inspect.ts'
import { createSoundQueue } from './sound-queue.ts'
import { type ElementaryStream, readProgramMap } from './tables.ts'
import { ticksBetween, ticksPerSecond } from './timestamp.ts'
import { readAccessUnits } from './units.ts'
import { createWeaver, type Weaver } from './weave.ts'

/** Where a segment stands on the timeline, in seconds that already hold the container's timestamp offset. */
export interface SegmentPlace {
  /** When the next segment's first picture is shown; null for the last segment, which takes all sound that is left. */
  readonly nextStartSeconds: number | null
}

export interface AssembledSegment {
  readonly bytes: Buffer
  readonly pictures: number
  /** Frames of sound in it, and when the last of them begins (seconds, with the offset); null without any. */
  readonly soundFrames: number
  readonly lastSoundSeconds: number | null
}

/**
 * Makes the session's segments out of the parts that nodes sent: pictures as they are, sound woven between.
 * Sound files are added in order; segments are assembled in order, each after the sound file of the same number.
 */
export interface Assembler {
  addSound(file: Buffer): void
  assemble(video: Buffer, place: SegmentPlace): AssembledSegment
}

export function createAssembler(): Assembler {
  const queue = createSoundQueue()
  let soundStream: ElementaryStream | null = null
  let weaver: Weaver | null = null
  return {
    addSound(file) {
      const stream = readProgramMap(file)[0]
      if (!stream) return
      soundStream ??= stream
      queue.push(readAccessUnits(file, stream.pid))
    },
    assemble(video, place) {
      const facts = inspectSegment(video)
      // The first segment decides whether the stream has sound at all: a program map does not change later.
      weaver ??= createWeaver(soundStream)
      const sound = queue.takeBefore(nextDecodingTime(place, facts))
      return {
        bytes: weaver.weave(video, sound),
        pictures: facts.units,
        soundFrames: sound.length,
        lastSoundSeconds: sound.length === 0 ? null : sound.at(-1)!.pts / ticksPerSecond,
      }
    },
  }
}

/** The next key frame is decoded as long before it is shown as this segment's first one was. */
function nextDecodingTime(
  place: SegmentPlace,
  facts: { firstPts: number | null; firstDts: number | null },
): number | null {
  if (place.nextStartSeconds === null) return null
  const delay = facts.firstPts === null ? 0 : ticksBetween(facts.firstDts!, facts.firstPts)
  return Math.round(place.nextStartSeconds * ticksPerSecond) - delay
}
