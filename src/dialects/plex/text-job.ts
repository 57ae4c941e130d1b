import type { SegmentListing } from './segment-announcer.ts'

/** How the server wants text beside the film: as one file, or as segments with a list of their own. */
export type TextListing =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'segments'
      /** Where the list is posted; HTTP on a loopback address. */
      readonly listUrl: string
      readonly list: SegmentListing
      readonly firstSegment: number
      readonly segmentSeconds: number
    }
