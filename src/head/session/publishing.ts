import type { PublisherMemory } from '../../dialects/plex/publisher.ts'
import { boundarySlot, segmentSeconds, slotSeconds } from '../../media/timeline.ts'
import type { SessionView } from '../../session/session.ts'
import type { EncoderLook } from './encoder-look.ts'
import type { LiveSessionOptions } from './live-session.ts'
import type { FinishedSegment } from './output.ts'
import { createSegmentMaker } from './segment-maker.ts'
import type { SessionText } from './session-text.ts'
import type { SessionTally } from './tally.ts'

/** A session's way to its output: segments are put together and published, one at a time. */
export interface Publishing {
  /** The first segment is being made: the output hears of it once. Rejects as that does. */
  open(): Promise<void>
  /** Nothing has to be opened any more. */
  isOpen(): void
  /** False when the session was over before it was put together. Rejects when the place cannot be written. */
  publish(segment: number): Promise<boolean>
  /** See LiveSession. */
  announcing(publisher: PublisherMemory): Promise<string | null>
}

export interface PublishingOptions
  extends Pick<
    LiveSessionOptions,
    'plan' | 'staging' | 'past' | 'memory' | 'output' | 'handled' | 'publications' | 'chronicle'
  > {
  readonly look: EncoderLook
  readonly text: Pick<SessionText, 'inside' | 'beside'>
  readonly tally: SessionTally
  readonly view: () => Pick<SessionView, 'endSegment' | 'leadSeconds' | 'publishedSeconds'>
  readonly isOver: () => boolean
}

/** Of a segment that nothing is known of. */
const usualBytes = 1024 * 1024

/** As it was staged, and as it is published. */
const copiesInMemory = 2

export function createPublishing(options: PublishingOptions): Publishing {
  const { plan, past, text, tally, output, view } = options
  const { timeline } = plan
  const maker = createSegmentMaker(plan, options.staging, past?.stand.maker)
  let isOpen = false
  /** What is in the output's hands; its bytes are not kept, for a session may pause for hours. */
  let publishes: Pick<FinishedSegment, 'segment' | 'frames' | 'endSeconds'> | null = null
  /** Of the segment that was published last: the next one will be about as large. */
  let lastBytes = usualBytes

  const publish = async (segment: number): Promise<boolean> => {
    const last = view().endSegment === segment + 1
    const end = text.inside && slotSeconds(timeline, boundarySlot(timeline, segment + 1))
    const inside = await text.inside?.until(last ? Number.POSITIVE_INFINITY : (end ?? 0))
    const made = await maker.make(segment, last, inside)
    const beside = await text.beside?.until(last ? Number.POSITIVE_INFINITY : made.endSeconds)
    if (options.isOver()) return false
    publishes = { segment, frames: made.frames, endSeconds: made.endSeconds }
    lastBytes = Math.max(made.bytes.length, usualBytes)
    await output.publish({ ...made, ...(beside && { text: beside }) })
    tally.published(made)
    options.chronicle?.preview.keep(made)
    options.chronicle?.published(segment)
    options.handled?.(made.bytes.length)
    return true
  }
  return {
    async open() {
      if (isOpen || options.isOver()) return
      isOpen = true
      await output.opened()
    },
    isOpen() {
      isOpen = true
    },
    async publish(segment) {
      // A segment may come before the answer to its grant, which then opens nothing any more.
      isOpen = true
      const leave = await options.publications?.enter(lastBytes * copiesInMemory)
      try {
        // It may have ended while it waited, and its job is on its way to the original.
        return options.isOver() ? false : await publish(segment)
      } finally {
        leave?.()
      }
    },
    async announcing(publisher) {
      const { memory, look } = options
      if (!memory || !publishes) return null
      const { segment, frames, endSeconds } = publishes
      const seconds = segmentSeconds(timeline, segment)
      const { leadSeconds, publishedSeconds } = view()
      return memory.announcing({
        ...{ next: segment + 1, publisher, maker: maker.memory(), look: look.settled },
        ...{ publishedSeconds: publishedSeconds + seconds, leadSeconds: leadSeconds + seconds },
        tally: {
          frames: tally.frames + frames,
          publishedSegments: tally.publishedSegments + 1,
          publishedUntilSeconds: endSeconds,
        },
      })
    },
  }
}
