import type { PictureOperation, VideoEncoder } from '../plan/plan.ts'
import type { Capabilities } from './capabilities.ts'

/**
 * The model that every platform is written in: where pictures lie, what can be done there, and how they get there and
 * back. A platform's file fills it with data and small functions; ladder.ts turns it into arguments.
 */

/** Where pictures lie: in the processor's memory, or in frames of a chip by FFmpeg's names. */
export type Surface =
  | 'memory'
  | 'cuda'
  | 'vaapi'
  | 'qsv'
  | 'vulkan'
  | 'drm_prime'
  | 'videotoolbox_vld'
  | 'd3d11'
  | 'opencl'

/** Bits of a sample: as deep as plans go. */
export type Depth = 8 | 10

export type VideoCodec = VideoEncoder['codec']

/** One way to decode. Which codecs it takes is known of its kind; that it works is for a node to prove. */
export interface ChipDecoder {
  /** By this name a node has proved it. */
  readonly name: string
  /** Depths by FFmpeg's name of the codec. */
  readonly codecs: Readonly<Record<string, readonly Depth[]>>
  /** Where the pictures come out. */
  readonly gives: Surface
  /** How deep its pictures are, whatever the source is. */
  readonly depth?: Depth
  /** Options before the input. */
  options(codec: string, depth: Depth): readonly string[]
}

/** An operation as a chip does it. */
export interface ChipFilter {
  /** As filters of a chain. */
  readonly text: string
  /** The filters in it that a node must have proved. */
  readonly needs: readonly string[]
  /** How deep the pictures are behind it. */
  readonly depth: Depth
}

/** Frames of a chip, and what is done to them there. */
export interface ChipSurface {
  readonly surface: Surface
  /** What decoders give that lies elsewhere and need not be copied, and the filters that bring it here. */
  readonly maps?: Readonly<Partial<Record<Surface, string>>>
  /** Null for what the chip cannot do. */
  filter(operation: PictureOperation, depth: Depth, capabilities: Capabilities): ChipFilter | null
  /** Pictures of another depth; null where they are left as they are. */
  convert(depth: Depth): ChipFilter
  /** From memory to the chip, pictures of that depth. */
  upload(depth: Depth): string
  /** From the chip to memory, pictures of that depth. */
  download(depth: Depth): string
}

/** How an encoder comes by key frames in given places. */
export type KeyFrames =
  /** Any picture can be told to be one. */
  | 'forced'
  /** Every so many pictures, counted from the first: a lease ends where segments have another number of them. */
  | 'interval'

/** A family of encoders of one chip. */
export interface ChipEncoder {
  readonly family: string
  /** FFmpeg's name and the depths it takes, by codec. */
  readonly codecs: Readonly<
    Partial<Record<VideoCodec, { readonly name: string; readonly depths: readonly Depth[] }>>
  >
  /** Where it takes pictures from. */
  readonly takes: readonly Surface[]
  /** Filters from the chip's surface to one it takes, where it does not take that. */
  readonly lift?: {
    readonly to: Surface
    readonly text: string
    /** Only frames that came from there can go back. */
    readonly back?: true
  }
  /** Even with pictures from memory it has to be told which device to use. */
  readonly needsDevice?: true
  /** Names of formats that it takes in memory, by depth. */
  readonly memoryFormats: Readonly<Record<Depth, string>>
  readonly keyFrames: KeyFrames
  /** Options after `-c:v`; why it cannot where it cannot. */
  options(wish: EncoderWish): readonly string[] | { readonly out: string }
}

/** What an encoder is to make of a plan. */
export interface EncoderWish {
  readonly encoder: VideoEncoder
  readonly depth: Depth
  /** Pictures between key frames at most. */
  readonly groupFrames: number
  /** Pixels and pictures a second, where they are known: some encoders have to be told a rate. */
  readonly pixelsPerSecond: number | null
}

/** A kind of hardware. */
export interface Chip {
  readonly name: string
  /** Options that open its devices, before everything else. */
  devices(capabilities: Capabilities): readonly string[]
  readonly decoders: readonly ChipDecoder[]
  /** Null where pictures are worked on in memory alone. */
  readonly filters: ChipSurface | null
  readonly encoders: readonly ChipEncoder[]
  /** A machine of the kind as it usually is, for those who have not got one at hand. */
  readonly usual: Capabilities
}
