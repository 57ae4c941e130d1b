import { type ChunkStep, createTextCutter, type TextChunk } from '../../container/text/text-cutter.ts'
import { printText, type TextCue } from '../../container/text/text-file.ts'
import type { SegmentFolder } from './segment-folder.ts'
import {
  emptySegmentList,
  formatSegmentList,
  type SegmentList,
  withFinished,
  withOpened,
} from './segment-list.ts'
import { segmentName } from './segment-name.ts'
import type { TextListing } from './text-job.ts'
import type { TextProgress } from './text-progress.ts'

/** Puts text in place as it comes, and tells the server of it. Calls reject with the system's error. */
export interface TextAnnouncer {
  /** The cues are those that are new. */
  add(progress: TextProgress): Promise<void>
  /** No more cues will come; those of the progress have been added. */
  end(progress: TextProgress): Promise<void>
}

export interface TextAnnouncerOptions {
  readonly listing: TextListing
  readonly folder: SegmentFolder
  readonly post: (body: string) => Promise<void>
}

export function openTextAnnouncer(options: TextAnnouncerOptions): TextAnnouncer {
  const { listing } = options
  return listing.kind === 'file'
    ? openFile(listing.path, options.folder)
    : openChunks(listing, options.folder, options.post)
}

/** A file appears whole, when there is nothing to be added any more. */
function openFile(path: string, folder: SegmentFolder): TextAnnouncer {
  const cues: TextCue[] = []
  return {
    async add(progress) {
      cues.push(...progress.cues)
    },
    end: ({ rules, header, trailer }) =>
      folder.place(path, Buffer.from(printText(rules, { header, cues, trailer }))),
  }
}

type Chunks = Extract<TextListing, { kind: 'segments' }>

function openChunks(
  { list: options, firstSegment: firstNumber, segmentSeconds }: Chunks,
  folder: SegmentFolder,
  post: (body: string) => Promise<void>,
): TextAnnouncer {
  let cutter: ReturnType<typeof createTextCutter> | null = null
  let list: SegmentList = emptySegmentList
  const { headerName } = options

  const place = (chunk: TextChunk, header: string): Promise<void> =>
    folder.place(
      segmentName(options.template, chunk.number),
      Buffer.from(headerName === undefined ? `${header}${chunk.text}` : chunk.text),
    )
  const tell = async ({ what, chunk }: ChunkStep, header: string): Promise<void> => {
    const { number: segment, startSeconds, endSeconds } = chunk
    if (what !== 'begun') await place(chunk, header)
    if (what === 'begun') {
      await folder.create(segmentName(options.template, segment))
      list = withOpened(list, { segment, startSeconds }, options)
      if (options.unfinished) await post(formatSegmentList(list, options))
    } else if (what === 'whole') {
      // Neither picture nor sound is in it: their ends stay where it began.
      const row = { segment, startSeconds, endSeconds }
      list = withFinished(
        list,
        { ...row, endAudioSeconds: startSeconds, endVideoSeconds: startSeconds },
        options,
      )
      await post(formatSegmentList(list, options))
    }
  }
  const tellAll = async (steps: readonly ChunkStep[], header: string): Promise<void> => {
    // Of a chunk that grows several times in a row only the last state is written.
    const needed = steps.filter(({ what }, index) => what !== 'grown' || steps[index + 1]?.what !== 'grown')
    for (const step of needed) await tell(step, header)
  }
  return {
    async add({ rules, header, trailer, cues }) {
      const steps: ChunkStep[] = []
      if (cutter === null) {
        cutter = createTextCutter({ rules, trailer, firstNumber, segmentSeconds })
        if (headerName !== undefined) await folder.place(headerName, Buffer.from(header))
        steps.push(...cutter.begin())
      }
      await tellAll([...steps, ...cutter.add(cues)], header)
    },
    async end({ header }) {
      if (cutter) await tellAll(cutter.end(), header)
    },
  }
}
