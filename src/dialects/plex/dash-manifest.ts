import type { DashListing } from './dash-job.ts'
import { type Mpd, type MpdPictures, type MpdSegment, type MpdSound, printMpd } from './mpd.ts'

/** What a manifest says of a representation apart from its segments. */
export type PictureDescription = Omit<MpdPictures, 'segments' | 'startNumber' | 'bandwidth'> & Bandwidth
export type SoundDescription = Omit<MpdSound, 'segments' | 'startNumber' | 'bandwidth'> & Bandwidth

interface Bandwidth {
  /** Bits per second as the server asked for; null for that of the first segment. */
  readonly bandwidth: number | null
}

export interface DashManifestOptions {
  readonly listing: DashListing
  readonly segmentSeconds: number
  /** Number of the first segment of each representation. */
  readonly firstNumber: number
  /** When the job's first packet was there, milliseconds since 1970. */
  readonly startMilliseconds: number
}

export interface ListedSegment extends MpdSegment {
  readonly bytes: number
}

/** The manifest of a session as it grows. Segments are added in order, when their files are in place. */
export interface DashManifest {
  addPicture(segment: ListedSegment): void
  addSound(segment: ListedSegment): void
  /** The text to post now. */
  print(now: {
    readonly pictures: PictureDescription
    readonly sound: SoundDescription | null
    /** Null for the last one. */
    readonly nowMilliseconds: number | null
  }): string
}

export function createDashManifest(options: DashManifestOptions): DashManifest {
  const { listing, segmentSeconds, firstNumber, startMilliseconds } = options
  const pictures = openList(listing.windowSize, firstNumber)
  const sound = openList(listing.windowSize, firstNumber)
  return {
    addPicture: pictures.add,
    addSound: sound.add,
    print({ pictures: picture, sound: heard, nowMilliseconds }) {
      const { timescale } = picture
      const isLast = nowMilliseconds === null
      const mpd: Mpd = {
        pictures: { ...picture, ...pictures.listed(picture) },
        sound: heard && { ...heard, ...sound.listed(heard) },
        initName: listing.initName.template,
        mediaName: listing.mediaName.template,
        segmentSeconds,
        lastSegmentSeconds: pictures.lastWhole(isLast) / timescale,
        windowSize: listing.windowSize,
        live: isLast ? null : { startMilliseconds, nowMilliseconds },
        totalSeconds: pictures.total() / timescale,
      }
      return printMpd(mpd)
    },
  }
}

/** The segments of one representation. */
function openList(windowSize: number, firstNumber: number) {
  let window: MpdSegment[] = []
  let count = 0
  let total = 0
  let first: ListedSegment | null = null
  let lastDuration = 0
  let beforeLastDuration = 0
  return {
    add: (segment: ListedSegment): void => {
      first ??= segment
      count += 1
      total += segment.duration
      beforeLastDuration = lastDuration
      lastDuration = segment.duration
      window.push({ start: segment.start, duration: segment.duration })
      if (windowSize > 0) window = window.slice(-windowSize)
    },
    listed: ({ timescale, bandwidth }: { timescale: number; bandwidth: number | null }) => ({
      segments: window,
      // Without a window the muxer says 1 whatever the first number is.
      startNumber: windowSize === 0 ? 1 : Math.max(firstNumber, firstNumber + count - windowSize),
      bandwidth: bandwidth ?? (first && Math.floor((first.bytes * 8 * timescale) / first.duration)),
    }),
    /** The last segment of a job ends without a key frame, and the muxer then still goes by the one before. */
    lastWhole: (isLast: boolean): number => (isLast && count > 1 ? beforeLastDuration : lastDuration),
    total: (): number => total,
  }
}
