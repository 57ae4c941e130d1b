import { delayDecoding } from './delay-decoding.ts'
import { inspectSegment, type SegmentFacts } from './inspect.ts'
import { createSoundQueue, type SoundQueue } from './sound-queue.ts'
import { type ElementaryStream, readProgramMap } from './tables.ts'
import { ticksBetween, ticksPerSecond } from './timestamp.ts'
import { readAccessUnits } from './units.ts'
import { createWeaver, type Weaver } from './weave.ts'

/** Where a segment stands on the timeline, in seconds that already hold the container's timestamp offset. */
export interface SegmentPlace {
  /** When the next segment's first picture is shown; null for the last segment, which takes all sound that is left. */
  readonly nextStartSeconds: number | null
  /** When that picture is decoded, where it is not as long before as all others are. */
  readonly nextDecodedSeconds?: number
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
  /** What another assembler needs to go on behind the last segment. */
  memory(): AssemblerMemory
}

/** Everything that passes from segment to segment. */
export interface AssemblerMemory {
  readonly soundStream: ElementaryStream | null
  /** Null before the first segment. */
  readonly counters: ReadonlyMap<number, number> | null
  readonly delay: number | null
  readonly sound: Pick<SoundQueue, 'waiting' | 'newest'>
}

export interface AssemblerOptions {
  /** Pictures keep their decoding times: they are those of the source, in which nothing is missing. */
  readonly copied?: boolean
  readonly memory?: AssemblerMemory | undefined
}

export function createAssembler({ copied = false, memory }: AssemblerOptions = {}): Assembler {
  const queue = createSoundQueue(memory?.sound)
  let soundStream = memory?.soundStream ?? null
  let weaver: Weaver | null = memory?.counters ? createWeaver(soundStream, memory.counters) : null
  let delay = memory?.delay ?? null
  return {
    memory: () => {
      const { waiting, newest } = queue
      return { soundStream, counters: weaver?.counters ?? null, delay, sound: { waiting, newest } }
    },
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
      // And how much earlier pictures are decoded than shown.
      delay ??= reorderTicks(facts)
      const sound = queue.takeBefore(nextDecodingTime(place, delay))
      return {
        bytes: weaver.weave(copied ? video : withDelay(video, delay, facts), sound),
        pictures: facts.units,
        soundFrames: sound.length,
        lastSoundSeconds: sound.length === 0 ? null : sound.at(-1)!.pts / ticksPerSecond,
      }
    },
  }
}

/** How long before it is shown a segment's first picture is decoded: as long as pictures wait for others. */
function reorderTicks({ firstPts, firstDts }: SegmentFacts): number {
  return firstPts === null ? 0 : ticksBetween(firstDts!, firstPts)
}

/** Less than any picture lasts: rounding. */
const toleranceTicks = 100

/**
 * The pictures with the session's reordering. An encoder that got only one or two does not reorder them, and its
 * decoding times would lie closer to the next or the last segment's than they should.
 */
function withDelay(video: Buffer, delay: number, facts: SegmentFacts): Buffer {
  const missing = delay - reorderTicks(facts)
  return missing > toleranceTicks ? delayDecoding(video, readProgramMap(video)[0]!.pid, missing) : video
}

/** The next key frame is decoded as long before it is shown as all others of the session. */
function nextDecodingTime(place: SegmentPlace, delay: number): number | null {
  if (place.nextStartSeconds === null) return null
  if (place.nextDecodedSeconds !== undefined) return Math.round(place.nextDecodedSeconds * ticksPerSecond)
  return Math.round(place.nextStartSeconds * ticksPerSecond) - delay
}
