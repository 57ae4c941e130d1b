import type { DashListing } from './dash-job.ts'
import { createDashManifest, type DashManifest, type DashManifestMemory } from './dash-manifest.ts'
import type { DashSegment } from './dash-segment.ts'
import type { SegmentAnnouncer, StagedSegment } from './segment-announcer.ts'
import type { SegmentFolder } from './segment-folder.ts'

export interface DashAnnouncerOptions {
  readonly listing: DashListing
  readonly firstSegment: number
  readonly segmentSeconds: number
  readonly folder: SegmentFolder
  readonly postManifest: (body: string) => Promise<void>
  /** Called, and waited for, when the next request is the one that announces this segment. */
  readonly onAnnounce: (segment: StagedSegment) => void | Promise<void>
  /** Of the announcer that began the manifest. */
  readonly memory?: unknown
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
}

/** Everything that passes from segment to segment. */
interface ManifestMemory {
  readonly manifest: DashManifestMemory | null
  readonly nextSegment: number
  readonly hasSoundInit: boolean
}

const pictureId = 0
const soundId = 1

/**
 * Puts the files of DASH in place and posts the manifest after each segment of pictures, as Plex's transcoder does:
 * init segments before the first, and an empty one for sound that is still to come. Calls reject with the system's
 * error when the folder fails, and with RangeError for a segment out of order.
 */
export function openDashAnnouncer(options: DashAnnouncerOptions): SegmentAnnouncer {
  const { listing, folder, firstSegment, segmentSeconds, wallClock } = options
  const before = options.memory as ManifestMemory | undefined
  let manifest: DashManifest | null = null
  let nextSegment = before?.nextSegment ?? firstSegment
  let hasSoundInit = before?.hasSoundInit ?? false

  const begin = (): DashManifest => {
    const startMilliseconds = wallClock()
    const common = { listing, segmentSeconds, firstNumber: firstSegment, startMilliseconds }
    manifest ??= createDashManifest({ ...common, memory: before?.manifest ?? undefined })
    return manifest
  }

  async function placeInits(segment: DashSegment): Promise<void> {
    const isFirst = nextSegment === firstSegment
    if (isFirst) await folder.place(listing.initName.fill(pictureId), segment.pictureInit)
    if (hasSoundInit || !segment.heard) return
    const name = listing.initName.fill(soundId)
    if (segment.soundInit) await folder.place(name, segment.soundInit)
    else if (isFirst) await folder.create(name)
    hasSoundInit = segment.soundInit !== null
  }

  async function placeMedia(segment: DashSegment): Promise<void> {
    const { picture, sound } = segment
    await folder.place(listing.mediaName.fill(pictureId, picture.number), picture.bytes)
    for (const { number, bytes } of sound) await folder.place(listing.mediaName.fill(soundId, number), bytes)
  }

  return {
    memory: (): ManifestMemory => ({ manifest: manifest?.memory() ?? null, nextSegment, hasSoundInit }),
    // The manifest has no row for what is not whole; only the job's beginning counts.
    opened: async () => {
      begin()
    },
    async publish(segment, beforeRow) {
      const { dash } = segment
      if (!dash || segment.segment !== nextSegment) {
        throw new RangeError(`segment ${segment.segment} instead of ${nextSegment}`)
      }
      const growing = begin()
      await placeInits(dash)
      await placeMedia(dash)
      nextSegment += 1
      await beforeRow()
      growing.addPicture({ ...dash.picture, bytes: dash.picture.bytes.length })
      for (const each of dash.sound) growing.addSound({ ...each, bytes: each.bytes.length })
      await options.onAnnounce(segment)
      const nowMilliseconds = segment.last ? null : wallClock()
      const { pictures, heard: sound } = dash
      await options.postManifest(growing.print({ pictures, sound, nowMilliseconds }))
    },
  }
}
