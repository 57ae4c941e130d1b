import type { SegmentFolder } from './segment-folder.ts'
import { openTextAnnouncer } from './text-announcer.ts'
import type { TextListing } from './text-job.ts'
import type { TextProgress } from './text-progress.ts'

/** All the text beside a film, told of output by output, as it comes with the film's segments. */
export interface TextOutputs {
  add(text: readonly TextProgress[] | undefined): Promise<void>
  /** No more will come; what the progresses have has been added. */
  end(text: readonly TextProgress[] | undefined): Promise<void>
}

export interface TextOutputsOptions {
  readonly listings: readonly TextListing[]
  readonly folder: SegmentFolder
  /** How a list gets to this address. */
  readonly postTo: (listUrl: string) => (body: string) => Promise<void>
}

/** Progresses come in the order of the listings. Calls reject with the system's error. */
export function openTextOutputs({ listings, folder, postTo }: TextOutputsOptions): TextOutputs {
  const announcers = listings.map((listing) => {
    const post = listing.kind === 'segments' ? postTo(listing.listUrl) : async () => undefined
    return openTextAnnouncer({ listing, folder, post })
  })
  const each =
    (what: 'add' | 'end') =>
    async (text: readonly TextProgress[] = []): Promise<void> => {
      for (const [index, announcer] of announcers.entries()) {
        const progress = text[index]
        if (progress) await announcer[what](progress)
      }
    }
  return { add: each('add'), end: each('end') }
}
