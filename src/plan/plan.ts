import type { Rational } from '../media/rational.ts'
import type { Seeking } from '../media/seeking.ts'
import { boundarySlot, segmentOfSlot, slotSeconds, type Timeline } from '../media/timeline.ts'

/** What is to be made, free of any platform. All times count from the input's own start. */
export interface Plan {
  readonly inputs: readonly PlanInput[]
  readonly video: VideoPart
  readonly audio: AudioPart | null
  /** Further tracks of sound, in order: an optimised version may keep the film's own beside a new one. */
  readonly moreAudio?: readonly AudioPart[]
  /** Subtitles that go beside or into what the viewer gets, none burnt in. */
  readonly subtitles?: readonly SubtitleTrack[]
  readonly packaging: Packaging
  readonly timeline: Timeline
}

export interface PlanInput {
  readonly path: string
  /** Seeks in such a container may land late: begin to decode so many seconds before the first wanted frame. */
  readonly seekMarginSeconds: number
  /** Whether leases may seek in it at all: they may unless said. */
  readonly seeking?: Seeking
  /** FFmpeg's probing limits, as the server wrote them. */
  readonly analyzeDuration?: string
  readonly probeSize?: string
  /** It is a list of files that follow one another, and the input is what they are together. */
  readonly pieces?: true
}

export interface StreamRef {
  readonly input: number
  /** Index of the stream in its file. */
  readonly stream: number
}

export interface VideoPart {
  readonly source: StreamRef
  /** What a decoder has to read, where it is known: not every chip takes everything. */
  readonly decoded?: { readonly codec: string; readonly bits: number }
  readonly operations: readonly PictureOperation[]
  /** Frames per second of the slot grid. */
  readonly rate: Rational
  /**
   * Added to the source's times before frames are placed on slots, 0 unless said. Frames of the grid's own rate then lie
   * on slots, not between two, where the rounding of a container would double some and drop others; those of a faster
   * source lie where FFmpeg's constant frame rate puts them.
   */
  readonly shiftSeconds?: number
  /** The grid begins at time 0 even when the first frame comes later: that frame then fills the slots before it. */
  readonly fillFromZero: boolean
  /** When the source's first picture is shown, seconds; 0 unless said. */
  readonly beginsSeconds?: number
  /** Sides of the source's pictures as filters get them: later ones of other sides are made as large. */
  readonly size?: { readonly width: number; readonly height: number }
  /** How FFmpeg turns them in memory before any filter, since the file says so; it is none of the operations. */
  readonly turned?: SideTurn
  /** The file says that its frames last less than they can: the last one has its slot all the same. */
  readonly lengthsLie?: boolean
  readonly encoder: VideoEncoder | CopiedPicture
  readonly language?: string
}

/** What a film that lies on its side, or on its head, needs. */
export type SideTurn = 'clock' | 'cclock' | 'half'

export type PictureOperation =
  | {
      readonly kind: 'scale'
      readonly width: string
      readonly height: string
      readonly divisibleBy?: number
      /** Set where the server asks for the quick way, as Jellyfin does for subtitles. */
      readonly flags?: 'fast_bilinear'
    }
  | { readonly kind: 'format'; readonly pixelFormats: readonly string[] }
  /** Both fields of a frame become one picture, or two; it looks at the frames beside. */
  | {
      readonly kind: 'deinterlace'
      readonly method: 'yadif' | 'bwdif'
      readonly fieldRate: boolean
      /** Only frames that are marked as interlaced. */
      readonly markedOnly: boolean
      readonly parity: 'tff' | 'bff' | 'auto'
    }
  /** From HDR to the standard range of BT.709. */
  | {
      readonly kind: 'tone-map'
      readonly curve: ToneCurve
      readonly transfer: 'pq' | 'hlg'
      readonly desaturation?: number
      /** The brightest that the film gets, the same for every lease; 1000 where the file does not say. */
      readonly peakNits?: number
      /** What the film's pictures say of the display that they were graded on, if they do: some chips go by that alone. */
      readonly gradedNits?: number
    }
  | {
      readonly kind: 'crop'
      readonly width: string
      readonly height: string
      readonly x?: string
      readonly y?: string
    }
  | {
      readonly kind: 'pad'
      readonly width: string
      readonly height: string
      readonly x?: string
      readonly y?: string
      readonly color?: string
    }
  /** The shape of a sample (sar) or of the whole picture (dar), as `num/den`. */
  | { readonly kind: 'aspect'; readonly of: 'sar' | 'dar'; readonly ratio: string }
  | { readonly kind: 'turn'; readonly how: 'clock' | 'cclock' | 'half' | 'hflip' | 'vflip' }
  | ColorTags
  | BurntText
  | BurntBitmaps

/** What the colours are from here on said to be, by FFmpeg's names, whatever the file says: no picture is changed. */
export interface ColorTags {
  readonly kind: 'color-tags'
  readonly primaries?: string
  readonly transfer?: string
  readonly space?: string
  readonly range?: string
}

export type ToneCurve = 'mobius' | 'hable' | 'reinhard' | 'clip' | 'linear' | 'gamma' | 'none' | 'bt2390'

/** Text drawn into the picture. What is drawn reaches a node as a file: see textLease in platforms. */
export interface BurntText {
  readonly kind: 'burn-text'
  readonly source: StreamRef
  /** Fields of the style that win over the subtitles' own, in order. */
  readonly style: readonly (readonly [field: string, value: string])[]
  /** Font files on the server's machine that the text may need. */
  readonly fonts: readonly string[]
  /** Folder on the server's machine with more of them, as Jellyfin extracts them from a film. */
  readonly fontFolder?: string
  /** The stream's file holds nothing else, so that it is read from its beginning. */
  readonly alone: boolean
}

/** Subtitles that are pictures, laid over the film's. */
export interface BurntBitmaps {
  readonly kind: 'burn-bitmaps'
  readonly source: StreamRef
  /** Stream of the same file by whose packets time goes on while no subtitle comes; null in a file of them alone. */
  readonly pacedBy: number | null
  /** Size to which the subtitles' canvas is scaled first. */
  readonly size?: { readonly width: string; readonly height: string }
  /** Sides of the subtitles' canvas where their stream does not say them: `1920x1080`. */
  readonly canvasSize?: string
  /** What is done to that canvas where one size does not say it: scaled, cut and filled up, in order. */
  readonly canvas?: readonly PictureOperation[]
  readonly x?: string
  readonly y?: string
}

export interface SubtitleTrack {
  readonly source: StreamRef
  /** As which the stream is written; `copy` leaves it as it is. */
  readonly codec: 'copy' | 'ass' | 'srt' | 'webvtt' | 'mov_text'
  /** The stream's file holds nothing else. */
  readonly alone: boolean
  readonly to: /** A stream of the segments themselves. */
    | {
        readonly kind: 'inside'
        /** Missing for what is no text that can be told apart by its times. */
        readonly format?: SubtitleFormat
      }
    | {
        readonly kind: 'segments'
        readonly seconds: number
        readonly format: SubtitleFormat
        readonly name: string
      }
    | { readonly kind: 'file'; readonly path: string; readonly format: SubtitleFormat }
  readonly language?: string
}

/** Formats of text by the names of FFmpeg's muxers. */
export type SubtitleFormat = 'ass' | 'srt' | 'webvtt'

export interface VideoEncoder {
  readonly codec: 'h264' | 'hevc' | 'av1'
  readonly crf?: string
  /** Rates with FFmpeg's own suffixes, bits per second. */
  readonly bitrate?: string
  readonly maxrate?: string
  readonly bufsize?: string
  readonly preset?: string
  readonly tune?: string
  readonly profile?: string
  readonly level?: string
  /** The encoder library's own options, in order, as the server wrote them. */
  readonly tuning: readonly (readonly [name: string, value: string | null])[]
}

/** Pictures that stay as they are: the packets of the source, cut at key frames of its own. */
export interface CopiedPicture {
  readonly codec: 'copy'
  readonly source: 'h264' | 'hevc'
  /** The file keeps parameter sets apart from the pictures, as MP4 and Matroska do. */
  readonly setsApart: boolean
  /** Where the server's own transcoder would seek to, seconds: it begins with the key frame that it finds there. */
  readonly seekSeconds: number
  /** Seconds after a key frame at which FFmpeg has to be told to seek so that it finds that one. */
  readonly seekAfterSeconds: number
  /** Frames over duration, as the file says; null where it does not. */
  readonly averageRate: Rational | null
}

export interface AudioPart {
  readonly source: StreamRef
  /** Whether leases may begin in the middle of it: they may unless said, and unless they may not of the pictures. */
  readonly seeking?: Seeking
  /** Time of the first sample, seconds: every frame of sound lies on a grid that begins here. */
  readonly firstSampleSeconds: number
  /** Where the server's own transcoder would seek to, seconds; 0 for a session from the start. */
  readonly seekSeconds: number
  /** Set when the container rounds times, but all frames begin at multiples of so many samples (AAC: 1024). */
  readonly sourceFrames?: {
    readonly samples: number
    readonly rate: number
    /** Time of the stream's first sample, wherever the session begins. */
    readonly firstSeconds: number
  }
  readonly operations: readonly SoundOperation[]
  readonly encoder: AudioEncoder
  readonly language?: string
  /**
   * Where leases of sound are cut into files, when that is not where the pictures are: key frames of a source are known
   * only as far as it has been read, and sound is one lease to the end.
   */
  readonly grid?: Timeline
}

export type SoundOperation = Resampling | Loudness | Mixing

/** Channels mixed in shares of its own, as FFmpeg's `pan` writes them: `stereo|c0=0.5*c2+c0|c1=0.5*c2+c1`. */
export interface Mixing {
  readonly kind: 'mix'
  readonly shares: string
}

/** Louder or softer, by a factor or by decibels as FFmpeg writes them: `2`, `3dB`. */
export interface Loudness {
  readonly kind: 'volume'
  readonly factor: string
}

export interface Resampling {
  readonly kind: 'resample'
  readonly rate?: string
  readonly layout?: string
  readonly async?: string
  readonly rematrixMaximum?: string
}

export interface AudioEncoder {
  /** `copy`: the packets stay as they are. */
  readonly codec: 'aac' | 'ac3' | 'eac3' | 'mp3' | 'opus' | 'copy'
  readonly bitrate?: string
  readonly channels?: string
  /** Samples per second that the encoder gets. */
  readonly rate: number
  /** Of sound that is copied, where nodes can do so. */
  readonly packets?: CopiedPackets
}

/** Packets of sound that stay as they are, all of them of one length. */
export interface CopiedPackets {
  readonly codec: 'aac' | 'ac3' | 'eac3' | 'mp3' | 'mp2'
  readonly samples: number
  /** When the first of the film is heard. */
  readonly firstSeconds: number
}

/** What the media server gets. Nodes always deliver MPEG-TS segments, and the head makes of them what is asked for. */
export type Packaging =
  | TransportPackaging
  | { readonly kind: 'dash' }
  /** Matroska segments behind one header file; times in them lie `outputOffsetSeconds` after the timeline. */
  | { readonly kind: 'matroska'; readonly header: string; readonly outputOffsetSeconds: number }
  | HlsPackaging
  | FilePackaging

/** Segments and their list as FFmpeg's own muxers of HLS write them, for Jellyfin and Emby. */
export interface HlsPackaging {
  readonly kind: 'hls'
  readonly format: 'mpegts' | 'fmp4'
  /** How far times in the segments lie after the timeline, seconds: where the film itself begins, if its times are kept. */
  readonly outputOffsetSeconds: number
}

export interface FilePackaging {
  readonly kind: 'file'
  readonly path: string
  /** A transport stream only where it is read while it is written. */
  readonly format: 'mp4' | 'matroska' | 'mpegts'
  /** The index stands before the film. */
  readonly indexFirst: boolean
  /** It is read while it is written, so that it has no index at all: pieces follow one another. */
  readonly growing?: true
  /** How much earlier than the timeline its times are, seconds; 0 unless said: it begins where the player sought to. */
  readonly earlierSeconds?: number
}

export interface TransportPackaging {
  readonly kind: 'mpegts'
  /** The muxer's max_delay, microseconds: timestamps move by twice as much. */
  readonly maxDelayMicroseconds: number
  /** The muxer's output_ts_offset, seconds. */
  readonly outputOffsetSeconds: number
}

/** What nodes deliver where the server asks for no transport stream: its times are the head's own affair. */
const ownTransport: TransportPackaging = {
  kind: 'mpegts',
  maxDelayMicroseconds: 5_000_000,
  outputOffsetSeconds: 10,
}

/** The transport stream that nodes deliver for a plan. */
export function deliveredTransport(packaging: Packaging): TransportPackaging {
  return packaging.kind === 'mpegts' ? packaging : ownTransport
}

/** What the files of a plan's sound are cut by. */
export function soundTimeline({ audio, timeline }: Plan): Timeline {
  return audio?.grid ?? timeline
}

/**
 * One past the last file of sound that holds what is heard before the end of a segment: files and segments have one
 * numbering, unless the sound has a grid of its own.
 */
export function soundFilesUpTo(plan: Plan, segment: number): number {
  const { timeline } = plan
  const grid = soundTimeline(plan)
  if (grid === timeline) return segment + 1
  const end = slotSeconds(timeline, boundarySlot(timeline, segment + 1))
  const lastSlot = Math.ceil(end / slotSeconds(grid, 1)) - 1
  return lastSlot < grid.firstSlot ? grid.firstSegment : segmentOfSlot(grid, lastSlot) + 1
}

/** How far timestamps in the segments that nodes deliver lie after the timeline, seconds. */
export function timestampOffsetSeconds(packaging: Packaging): number {
  const { outputOffsetSeconds, maxDelayMicroseconds } = deliveredTransport(packaging)
  return outputOffsetSeconds + (2 * maxDelayMicroseconds) / 1_000_000
}
