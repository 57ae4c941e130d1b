import { parseCommand } from '../../command/parse-command.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { assumedMedia } from '../assumed-media.ts'
import { calculatedFirstFrame } from '../first-frame.ts'
import type { Plan } from '../plan.ts'
import { readSegmentedJob } from '../segmented.ts'

/** The plan of a command line with encoded pictures; throws the reason where there is none. */
export function planOf(argv: readonly string[], infos?: readonly MediaInfo[]): Plan {
  const command = parseCommand(argv)
  const media = infos ?? assumedMedia(command)
  const job = readSegmentedJob(command, ...media)
  if ('local' in job) throw new Error(job.local)
  const { anchoredAtZero, picture, seekSeconds } = job
  return job.plan(anchoredAtZero ? null : calculatedFirstFrame(media[0]!, picture, seekSeconds))
}
