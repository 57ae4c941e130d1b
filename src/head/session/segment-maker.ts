import type { FragmentMemory } from '../../container/mp4/assembler.ts'
import type { SampleWeaverMemory } from '../../container/mp4/woven-samples.ts'
import { type AssemblerMemory, createAssembler } from '../../container/mpegts/assembler.ts'
import type { TextProgress } from '../../dialects/plex/text-progress.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import { type Plan, soundFilesUpTo, timestampOffsetSeconds } from '../../plan/plan.ts'
import { soundFrameSeconds } from '../../platforms/sound-lease.ts'
import type { Staging } from '../data/staging.ts'
import { filmAssembly } from './film-assembly.ts'
import { fragmentAssembly } from './fragment-assembly.ts'
import { matroskaAssembly } from './matroska-assembly.ts'
import type { FinishedSegment } from './output.ts'
import type { SegmentAssembly } from './segment-assembly.ts'

/** Turns staged parts into the segments that the media server gets, in order. */
export interface SegmentMaker {
  /** `last`: no segment follows, so that it takes all the sound there is. */
  make(segment: number, last: boolean, text?: readonly TextProgress[]): Promise<FinishedSegment>
  /** What another maker of the same plan needs to go on behind the last segment; see v8.serialize. */
  memory(): MakerMemory
}

export interface MakerMemory {
  readonly nextSoundFile: number
  readonly assembly: unknown
}

/** A maker for one session: it keeps the sound between calls, so segments have to be asked for in their order. What a segment was made of it drops from the staging with the next one, when that is published. */
export function createSegmentMaker(plan: Plan, staging: Staging, memory?: MakerMemory): SegmentMaker {
  const assembly = assemblyFor(plan, memory?.assembly)
  let nextSoundFile = memory?.nextSoundFile ?? plan.timeline.firstSegment
  let used: { readonly segment: number; readonly soundFiles: readonly number[] } | null = null
  let dropped: Promise<unknown> = Promise.resolve()
  const addSound = async (end: number): Promise<number[]> => {
    const added: number[] = []
    for (; nextSoundFile < end && staging.has('audio', nextSoundFile); nextSoundFile++) {
      assembly.addSound(await staging.get('audio', nextSoundFile))
      added.push(nextSoundFile)
    }
    return added
  }
  const dropUsed = async (): Promise<void> => {
    await dropped
    if (!used) return
    const drops = used.soundFiles.map((number) => staging.drop('audio', number))
    dropped = Promise.all([staging.drop('video', used.segment), ...drops])
    // Awaited with the next segment, which then hears of it.
    dropped.catch(() => undefined)
  }
  return {
    memory: () => ({ nextSoundFile, assembly: assembly.memory() }),
    async make(segment, last, text) {
      await dropUsed()
      // A missing file here means that the sound ended before: the session waits for any other.
      const soundFiles = plan.audio
        ? await addSound(last ? Number.POSITIVE_INFINITY : soundFilesUpTo(plan, segment))
        : []
      const video = await staging.get('video', segment)
      // Most of a whole-file job can be published only at its end, in one go: the disk must not hold that up. A stream
      // may wait for minutes with what was read, and there may be a hundred of them.
      if (plan.packaging.kind === 'file') {
        for (const part of ['video', 'audio']) staging.readAhead(part, segment + 1)
      }
      const finished = assembly.finish(video, segment, last, text)
      used = { segment, soundFiles }
      return finished
    },
  }
}

/** @param memory as the assembly of the same plan gave it. */
function assemblyFor(plan: Plan, memory: unknown): SegmentAssembly {
  const { packaging } = plan
  if (packaging.kind === 'dash') return fragmentAssembly(plan, memory as FragmentMemory | undefined)
  if (packaging.kind === 'matroska') {
    const { outputOffsetSeconds } = packaging
    return matroskaAssembly(plan, outputOffsetSeconds, memory as SampleWeaverMemory | undefined)
  }
  if (packaging.kind === 'file') return filmAssembly(plan, packaging)
  return transportAssembly(plan, memory as AssemblerMemory | undefined)
}

function transportAssembly(plan: Plan, memory: AssemblerMemory | undefined): SegmentAssembly {
  const { timeline } = plan
  const assembler = createAssembler({ copied: timeline.cuts !== undefined, memory })
  const offset = timestampOffsetSeconds(plan.packaging)
  return {
    addSound: (file) => assembler.addSound(file),
    memory: assembler.memory,
    finish(video, segment, last) {
      const firstSlot = boundarySlot(plan.timeline, segment)
      const nextSeconds = slotSeconds(plan.timeline, boundarySlot(plan.timeline, segment + 1))
      const decoded = timeline.cuts?.decoded[segment + 1 - timeline.firstSegment]
      const made = assembler.assemble(video, {
        nextStartSeconds: last ? null : nextSeconds + offset,
        ...(typeof decoded === 'number' && { nextDecodedSeconds: slotSeconds(timeline, decoded) + offset }),
      })
      const startSeconds = slotSeconds(plan.timeline, firstSlot)
      const endSeconds = timeline.cuts ? nextSeconds : slotSeconds(plan.timeline, firstSlot + made.pictures)
      const soundEnd =
        made.lastSoundSeconds === null || !plan.audio
          ? startSeconds
          : made.lastSoundSeconds - offset + soundFrameSeconds(plan.audio.encoder)
      return {
        segment,
        bytes: made.bytes,
        startSeconds,
        endSeconds,
        endVideoSeconds: endSeconds,
        endAudioSeconds: soundEnd,
        frames: made.pictures,
        last,
      }
    },
  }
}
