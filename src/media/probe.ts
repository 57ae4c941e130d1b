import { PacelineError } from '../errors.ts'
import { type FfprobeOptions, ProbeFailure, runFfprobe } from './ffprobe.ts'
import { ffprobeOutput, mediaInfo } from './ffprobe-output.ts'
import type { MediaInfo } from './media-info.ts'

/**
 * What is in a file, by one run of ffprobe.
 *
 * Throws a PacelineError whose cause is a ProbeFailure with FFmpeg's own words: E_PROBE_MISSING, E_PROBE_DENIED
 * (also for input that cannot be read through), E_PROBE_INVALID, E_PROBE_TOOL (ffprobe is not there, was killed, or
 * refused its arguments). Rejects with the signal's reason when aborted.
 */
export async function probeMedia(path: string, options: FfprobeOptions = {}): Promise<MediaInfo> {
  const lines: string[] = []
  const log = await runFfprobe(path, ['-show_format', '-show_streams', '-of', 'json'], options, (line) => {
    lines.push(line)
    return 'more'
  })
  const output = ffprobeOutput.safeParse(json(lines.join('\n')))
  if (!output.success) {
    const cause = new ProbeFailure('ffprobe printed something else than its JSON', log)
    throw new PacelineError('E_PROBE_TOOL', options.ffprobe ?? 'ffprobe', { cause })
  }
  return mediaInfo(output.data)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
