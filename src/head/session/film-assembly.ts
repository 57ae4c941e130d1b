import type { FilmWriter } from '../../container/film.ts'
import { createMatroskaWriter } from '../../container/matroska/film.ts'
import { createMovieWriter } from '../../container/mp4/movie.ts'
import { createSampleWeaver, type SampleWeaver } from '../../container/mp4/woven-samples.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import { type FilePackaging, type Plan, timestampOffsetSeconds } from '../../plan/plan.ts'
import { soundFrameSeconds } from '../../platforms/sound-lease.ts'
import { askedSound } from './asked-sound.ts'
import { bitsPerSecond } from './bits-per-second.ts'
import type { SegmentAssembly } from './segment-assembly.ts'

/** Makes one file of a session: each segment is the next pieces of it, the last one the index as well. */
export function filmAssembly(plan: Plan, packaging: FilePackaging): SegmentAssembly {
  const { timeline, video, audio } = plan
  const weaver = createSampleWeaver({ rate: video.rate, offsetSeconds: timestampOffsetSeconds(packaging) })
  const writer = writerFor(plan, packaging, weaver)
  return {
    // A file has no middle to go on from.
    memory: () => null,
    addSound: (file) => weaver.addSound(file),
    finish(file, segment, last) {
      const firstSlot = boundarySlot(timeline, segment)
      const nextSlot = last ? null : boundarySlot(timeline, segment + 1)
      const woven = weaver.take(file, { firstSlot, nextSlot })
      const startSeconds = slotSeconds(timeline, firstSlot)
      const endSeconds = slotSeconds(timeline, firstSlot + woven.pictures.length)
      const lastSound = woven.sound.at(-1)
      return {
        ...{ segment, bytes: Buffer.alloc(0), startSeconds, endSeconds, last, endVideoSeconds: endSeconds },
        endAudioSeconds:
          lastSound && audio
            ? lastSound.start / weaver.sound!.rate + soundFrameSeconds(audio.encoder)
            : startSeconds,
        frames: woven.pictures.length,
        pieces: [...writer.add(woven), ...(last ? writer.finish() : [])],
      }
    },
  }
}

function writerFor(plan: Plan, { format, indexFirst }: FilePackaging, weaver: SampleWeaver): FilmWriter {
  const { video, audio, timeline } = plan
  const common = {
    ...{ rate: video.rate, weaver },
    ...(video.language !== undefined && { pictureLanguage: video.language }),
    ...(audio?.language !== undefined && { soundLanguage: audio.language }),
    ...(audio && { askedSound: askedSound(audio) }),
  }
  if (format === 'matroska') return createMatroskaWriter(common)
  const expectedSeconds = slotSeconds(timeline, Math.max(0, timeline.expectedEndSlot - timeline.firstSlot))
  return createMovieWriter({
    ...common,
    indexFirst: indexFirst ? { expectedSeconds } : null,
    soundBitrate: bitsPerSecond(audio?.encoder.bitrate) ?? 0,
  })
}
