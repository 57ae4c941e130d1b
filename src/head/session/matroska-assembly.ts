import { type BlockClock, blocksOf } from '../../container/matroska/blocks.ts'
import { clusters } from '../../container/matroska/cluster.ts'
import { matroskaHeader, type TextTrackEntry } from '../../container/matroska/header.ts'
import { pictureEntry, soundEntry } from '../../container/matroska/tracks.ts'
import type { AacFormat } from '../../container/mp4/adts.ts'
import {
  createSampleWeaver,
  type SampleWeaver,
  type SampleWeaverMemory,
} from '../../container/mp4/woven-samples.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import { type Plan, timestampOffsetSeconds } from '../../plan/plan.ts'
import { soundFrameSeconds } from '../../platforms/sound-lease.ts'
import { askedSound } from './asked-sound.ts'
import { copiedPlace, shownRate } from './copied-place.ts'
import type { SegmentAssembly } from './segment-assembly.ts'
import { textBlocks } from './text-blocks.ts'

/** Makes the segments of a session behind one header file: clusters of Matroska, and the header with the first. */
export function matroskaAssembly(
  plan: Plan,
  outputOffsetSeconds: number,
  memory?: SampleWeaverMemory,
): SegmentAssembly {
  const { timeline, video, audio } = plan
  const weaver = createSampleWeaver({
    rate: video.rate,
    offsetSeconds: timestampOffsetSeconds(plan.packaging),
    memory,
  })
  const words = textBlocks(plan, {
    firstTrack: audio ? 3 : 2,
    offsetMilliseconds: outputOffsetSeconds * 1000,
  })
  return {
    addSound: (file) => weaver.addSound(file),
    memory: weaver.memory,
    finish(file, segment, last, text = []) {
      const firstSlot = boundarySlot(timeline, segment)
      const nextSlot = last ? null : boundarySlot(timeline, segment + 1)
      const woven = weaver.take(file, { firstSlot, nextSlot, ...copiedPlace(timeline, segment, last) })
      const clock: BlockClock = {
        ...{ rate: video.rate, soundRate: weaver.sound?.rate ?? 1 },
        offsetMilliseconds: outputOffsetSeconds * 1000,
      }
      const startSeconds = slotSeconds(timeline, firstSlot)
      const endSlot = timeline.cuts ? boundarySlot(timeline, segment + 1) : firstSlot + woven.pictures.length
      const endSeconds = slotSeconds(timeline, endSlot)
      const lastSound = woven.sound.at(-1)
      return {
        ...{ segment, bytes: clusters(words.among(blocksOf(woven, clock), text)) },
        ...{ startSeconds, endSeconds, last },
        endVideoSeconds: endSeconds,
        endAudioSeconds:
          lastSound && audio
            ? lastSound.start / clock.soundRate + soundFrameSeconds(audio.encoder)
            : startSeconds,
        frames: woven.pictures.length,
        ...(segment === timeline.firstSegment && { header: headerOf(plan, weaver, words.entries(text)) }),
      }
    },
  }
}

function headerOf(
  { video, audio }: Plan,
  { picture, sound }: SampleWeaver,
  texts: readonly TextTrackEntry[],
): Buffer {
  const pictures = pictureEntry(picture!, shownRate(video), video.language)
  // Sound that begins later is described as the server asked for it.
  const format: AacFormat | null = audio && (sound ?? askedSound(audio))
  const sounds = format ? [soundEntry(format, audio?.language)] : []
  return matroskaHeader([pictures, ...sounds, ...texts])
}
