import type { Sample } from './media-segment.ts'
import type { SoundFrame } from './sound-track.ts'

/** Frames as samples that follow each other without gaps: each lasts until the next begins. */
export function soundSamples(frames: readonly SoundFrame[]): Sample[] {
  return frames.map(({ start, duration, data }, index) => {
    const next = frames[index + 1]
    return {
      data,
      duration: next ? Math.max(0, next.start - start) : duration,
      compositionOffset: 0,
      isSync: true,
    }
  })
}
