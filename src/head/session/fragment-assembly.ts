import {
  type AssembledFragments,
  createFragmentAssembler,
  type FragmentAssembler,
  type FragmentMemory,
} from '../../container/mp4/assembler.ts'
import type { SoundDescription } from '../../dialects/plex/dash-manifest.ts'
import type { DashSegment } from '../../dialects/plex/dash-segment.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import { type AudioPart, type Plan, timestampOffsetSeconds } from '../../plan/plan.ts'
import { askedChannels } from './asked-sound.ts'
import { bitsPerSecond } from './bits-per-second.ts'
import { copiedPlace, shownRate } from './copied-place.ts'
import type { FinishedSegment } from './output.ts'
import type { SegmentAssembly } from './segment-assembly.ts'

/** Makes the segments of a DASH session: a file for each representation, and what the manifest says of them. */
export function fragmentAssembly(plan: Plan, memory?: FragmentMemory): SegmentAssembly {
  const { timeline, video, audio } = plan
  const assembler = createFragmentAssembler({
    ...{ rate: video.rate, segmentSeconds: timeline.segmentSeconds, firstNumber: timeline.firstSegment },
    offsetSeconds: timestampOffsetSeconds(plan.packaging),
    soundBitrate: bitsPerSecond(audio?.encoder.bitrate) ?? 0,
    memory,
  })
  return {
    memory: () => assembler.memory(),
    addSound: (file) => assembler.addSound(file),
    finish(file, segment, last) {
      const firstSlot = boundarySlot(timeline, segment)
      const nextSlot = last ? null : boundarySlot(timeline, segment + 1)
      const made = assembler.assemble(file, { firstSlot, nextSlot, ...copiedPlace(timeline, segment, last) })
      return finished(plan, assembler, made, segment, last)
    },
  }
}

function finished(
  plan: Plan,
  assembler: FragmentAssembler,
  made: AssembledFragments,
  segment: number,
  last: boolean,
): FinishedSegment {
  const startSeconds = slotSeconds(plan.timeline, boundarySlot(plan.timeline, segment))
  const endSlot = plan.timeline.cuts
    ? boundarySlot(plan.timeline, segment + 1)
    : boundarySlot(plan.timeline, segment) + made.picture.samples
  const endSeconds = slotSeconds(plan.timeline, endSlot)
  const lastSound = made.sound.at(-1)
  const soundTimescale = assembler.sound?.timescale ?? 1
  return {
    ...{ segment, bytes: Buffer.alloc(0), startSeconds, endSeconds, last },
    endVideoSeconds: endSeconds,
    endAudioSeconds: lastSound ? (lastSound.start + lastSound.duration) / soundTimescale : startSeconds,
    frames: made.picture.samples,
    dash: dashSegment(plan, assembler, made),
  }
}

function dashSegment(plan: Plan, assembler: FragmentAssembler, made: AssembledFragments): DashSegment {
  const { format, timescale, init } = assembler.picture!
  const { video, audio } = plan
  const { codecs, width, height, sampleAspectRatio } = format
  return {
    ...made,
    pictureInit: init,
    soundInit: assembler.sound?.init ?? null,
    pictures: {
      ...{
        codecs,
        bandwidth: video.encoder.codec === 'copy' ? null : bitsPerSecond(video.encoder.bitrate),
        timescale,
      },
      ...languageOf(video),
      ...{ frameRate: shownRate(video), size: { width, height } },
      // Of pictures that it encodes, FFmpeg's muxer says that their samples are square, whatever the stream says.
      sampleAspectRatio: video.encoder.codec === 'copy' ? sampleAspectRatio : { width: 1, height: 1 },
    },
    heard: audio && heard(audio, assembler),
  }
}

/** Before the first sound has come, the manifest says of it what the server asked for. */
function heard(audio: AudioPart, { sound }: FragmentAssembler): SoundDescription {
  const { rate, bitrate } = audio.encoder
  return {
    codecs: `mp4a.40.${sound?.format.objectType ?? aacLowComplexity}`,
    bandwidth: bitsPerSecond(bitrate),
    timescale: sound?.timescale ?? rate,
    ...languageOf(audio),
    samplingRate: sound?.format.rate ?? rate,
    channels: sound?.format.channels ?? askedChannels(audio),
  }
}

const aacLowComplexity = 2

const languageOf = ({ language }: { language?: string }): { language?: string } =>
  language === undefined ? {} : { language }
