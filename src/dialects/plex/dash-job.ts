import type { OutputFile } from '../../command/command.ts'
import { lastValue } from '../../command/read-options.ts'
import { type DashName, parseDashName } from './dash-name.ts'

/** How a job of DASH wants its files named and listed. */
export interface DashListing {
  readonly initName: DashName
  readonly mediaName: DashName
  /** Segments that the manifest lists; 0 for all. */
  readonly windowSize: number
}

/** What FFmpeg takes where the server names nothing. */
const defaultInitName = 'init-stream$RepresentationID$.m4s'
const defaultMediaName = 'chunk-stream$RepresentationID$-$Number%05d$.m4s'

/**
 * The listing of an output of `-f dash`, or a text that says what of it is not understood. Segments that have left the
 * manifest stay where they are: a job that wants them deleted is not Plex's.
 */
export function dashListing({ options }: OutputFile): DashListing | string {
  const initText = lastValue(options, 'init_seg_name') ?? defaultInitName
  const mediaText = lastValue(options, 'media_seg_name') ?? defaultMediaName
  const initName = parseDashName(initText, 'init')
  const mediaName = parseDashName(mediaText, 'media')
  if (!initName) return `-init_seg_name ${initText} is not a plain name`
  if (!mediaName) return `-media_seg_name ${mediaText} is not a plain name with one number`
  const windowText = lastValue(options, 'window_size') ?? '0'
  if (!/^\d{1,4}$/.test(windowText)) return `-window_size ${windowText} is not a whole number`
  const removed = lastValue(options, 'delete_removed')
  const isKept = removed === 'false' || removed === '0'
  if (windowText !== '0' && !isKept) return 'segments are deleted when they leave the manifest'
  return { initName, mediaName, windowSize: Number(windowText) }
}
