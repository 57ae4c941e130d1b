import type { MediaInfo } from './media-info.ts'

/** Why a film can only be made in one piece: by one lease at a time, each of which decodes from the session's start. */
export const onePieceReasons = {
  'times-back': 'its times go back, so that a seek may find a wrong place',
  'times-missing': 'it does not say when its pictures are shown',
  'keys-rare': 'its key frames are too rare, and it has no index of them',
  'edit-list': 'an edit list puts pieces of it together',
  'sound-uneven': 'times and samples of its sound do not agree',
  unreadable: 'it cannot be read through',
  unread: 'it has not been read through yet',
} as const

/** Why a film cannot be made at all, as it shows when it is read. */
export const unusableReasons = {
  'times-lost': 'its times jump ahead by more than an hour',
} as const

export type OnePieceCode = keyof typeof onePieceReasons

/** How leases get to their places in a source. */
export type SeekVerdict =
  /** By a seek so many seconds before, at least. */
  | { readonly kind: 'seek'; readonly marginSeconds: number }
  /** Not at all: they decode from the session's start and drop what is not theirs. */
  | { readonly kind: 'one-piece'; readonly why: OnePieceCode; readonly detail: string }
  /** The server's own transcoder is to see what it can make of it. */
  | { readonly kind: 'unusable'; readonly why: keyof typeof unusableReasons; readonly detail: string }

/** What is known of a source, as far as it has been read: whoever reads it changes it while the session runs. */
export interface Seeking {
  readonly verdict: SeekVerdict
}

/** Seeks that land where they should. */
export const seekAnywhere: SeekVerdict = { kind: 'seek', marginSeconds: 0 }

/** Before a source has been read through. */
export const unreadSource: SeekVerdict = { kind: 'one-piece', why: 'unread', detail: '' }

/** Containers without an index: their seeks go by bytes and land late. */
const formatsWithoutIndex = new Set([
  'mpegts',
  'mpeg',
  'avi',
  'h264',
  'hevc',
  'mpegvideo',
  'flv',
  'ogg',
  'asf',
])

/** Whether a container has no index that seeks could go by. */
export function lacksIndex({ formats }: Pick<MediaInfo, 'formats'>): boolean {
  return formats.some((format) => formatsWithoutIndex.has(format))
}

/** Films that are read through before their seeks are trusted, bytes: with an index only small ones, which cost nothing. */
const readThroughBytes = { indexed: 64 * 1024 * 1024, other: 2 * 1024 * 1024 * 1024 }

/** Whether a stream of a film is to be read through before leases may seek in it. Sound is but when a node is lost. */
export function wantsReading(
  info: Pick<MediaInfo, 'formats' | 'sizeBytes'>,
  kind: 'video' | 'audio',
): boolean {
  const most = lacksIndex(info) && kind === 'video' ? readThroughBytes.other : readThroughBytes.indexed
  return info.sizeBytes !== null && info.sizeBytes <= most
}
