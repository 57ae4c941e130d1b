import { createAssembler } from '../../container/mpegts/assembler.ts'
import type { TextProgress } from '../../dialects/plex/text-announcer.ts'
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
}

/** A maker for one session: it keeps the sound between calls, so segments have to be asked for in their order. What it has used it drops from the staging. */
export function createSegmentMaker(plan: Plan, staging: Staging): SegmentMaker {
  const assembly = assemblyFor(plan)
  let nextSoundFile = plan.timeline.firstSegment
  let dropped: Promise<unknown> = Promise.resolve()
  const addSound = async (end: number): Promise<number[]> => {
    const added: number[] = []
    for (; nextSoundFile < end && staging.has('audio', nextSoundFile); nextSoundFile++) {
      assembly.addSound(await staging.get('audio', nextSoundFile))
      added.push(nextSoundFile)
    }
    return added
  }
  const drop = (segment: number, soundFiles: readonly number[]): Promise<unknown> => {
    const drops = soundFiles.map((number) => staging.drop('audio', number))
    return Promise.all([staging.drop('video', segment), ...drops])
  }
  return {
    async make(segment, last, text) {
      // A missing file here means that the sound ended before: the session waits for any other.
      const soundFiles = plan.audio
        ? await addSound(last ? Number.POSITIVE_INFINITY : soundFilesUpTo(plan, segment))
        : []
      const video = await staging.get('video', segment)
      // Most of a whole-file job can be published only at its end, in one go: the disk must not hold that up.
      for (const part of ['video', 'audio']) staging.readAhead(part, segment + 1)
      const finished = assembly.finish(video, segment, last, text)
      await dropped
      dropped = drop(segment, soundFiles)
      // Awaited with the next segment, which then hears of it.
      dropped.catch(() => undefined)
      if (last) await dropped
      return finished
    },
  }
}

function assemblyFor(plan: Plan): SegmentAssembly {
  const { packaging } = plan
  if (packaging.kind === 'dash') return fragmentAssembly(plan)
  if (packaging.kind === 'matroska') return matroskaAssembly(plan, packaging.outputOffsetSeconds)
  if (packaging.kind === 'file') return filmAssembly(plan, packaging)
  return transportAssembly(plan)
}

function transportAssembly(plan: Plan): SegmentAssembly {
  const { timeline } = plan
  const assembler = createAssembler({ copied: timeline.cuts !== undefined })
  const offset = timestampOffsetSeconds(plan.packaging)
  return {
    addSound: (file) => assembler.addSound(file),
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
