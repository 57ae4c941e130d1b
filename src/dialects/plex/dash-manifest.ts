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
  /** Of a manifest that began the session. */
  readonly memory?: DashManifestMemory | undefined
}

/** What another manifest needs to go on with the session. */
export interface DashManifestMemory {
  readonly startMilliseconds: number
  readonly pictures: ListMemory
  readonly sound: ListMemory
}

/** The segments of one representation so far. */
interface ListMemory {
  readonly window: readonly MpdSegment[]
  readonly count: number
  readonly total: number
  readonly first: ListedSegment | null
  readonly lastDuration: number
  readonly beforeLastDuration: number
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
  memory(): DashManifestMemory
}

export function createDashManifest(options: DashManifestOptions): DashManifest {
  const { listing, segmentSeconds, firstNumber, memory } = options
  const { startMilliseconds } = memory ?? options
  const pictures = openList(listing.windowSize, firstNumber, memory?.pictures)
  const sound = openList(listing.windowSize, firstNumber, memory?.sound)
  return {
    memory: () => ({ startMilliseconds, pictures: pictures.memory(), sound: sound.memory() }),
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

const emptyList: ListMemory = {
  ...{ window: [], count: 0, total: 0 },
  ...{ first: null, lastDuration: 0, beforeLastDuration: 0 },
}

/** The segments of one representation. */
function openList(windowSize: number, firstNumber: number, memory = emptyList) {
  let list = memory
  return {
    memory: () => list,
    add: (segment: ListedSegment): void => {
      const window = [...list.window, { start: segment.start, duration: segment.duration }]
      list = {
        window: windowSize > 0 ? window.slice(-windowSize) : window,
        count: list.count + 1,
        total: list.total + segment.duration,
        first: list.first ?? segment,
        lastDuration: segment.duration,
        beforeLastDuration: list.lastDuration,
      }
    },
    listed: ({ timescale, bandwidth }: { timescale: number; bandwidth: number | null }) => ({
      segments: list.window,
      // Without a window the muxer says 1 whatever the first number is.
      startNumber: windowSize === 0 ? 1 : Math.max(firstNumber, firstNumber + list.count - windowSize),
      bandwidth:
        bandwidth ?? (list.first && Math.floor((list.first.bytes * 8 * timescale) / list.first.duration)),
    }),
    /** The last segment of a job ends without a key frame, and the muxer then still goes by the one before. */
    lastWhole: (isLast: boolean): number =>
      isLast && list.count > 1 ? list.beforeLastDuration : list.lastDuration,
    total: (): number => list.total,
  }
}
