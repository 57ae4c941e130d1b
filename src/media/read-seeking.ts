import { mostEdits, type ReadBytes } from './edit-lists.ts'
import type { FfprobeOptions } from './ffprobe.ts'
import { readPackets } from './key-frames.ts'
import type { AudioStream, MediaInfo, VideoStream } from './media-info.ts'
import { toNumber } from './rational.ts'
import { lacksIndex, type SeekVerdict, seekAnywhere, wantsReading } from './seeking.ts'
import { SoundJudge } from './sound-judge.ts'
import { TimesJudge } from './times-judge.ts'

/** A source that may be read. */
export interface SeekSource {
  /** A path or an address that ffprobe takes. */
  readonly path: string
  readonly info: MediaInfo
  readonly read: ReadBytes
}

/**
 * Whether leases of pictures or of sound may seek in a source: looks for edit lists, and reads the packets of the stream
 * where that is cheap or no index can be trusted instead. Decodes nothing. Throws as probeMedia does, and what `read`
 * throws.
 */
export async function readSeeking(
  { path, info, read }: SeekSource,
  stream: VideoStream | AudioStream,
  options: FfprobeOptions = {},
): Promise<SeekVerdict> {
  if (info.formats.includes('mp4')) {
    const edits = await mostEdits(read, info.sizeBytes ?? 0)
    if (edits > 1) return { kind: 'one-piece', why: 'edit-list', detail: `${edits} pieces` }
  }
  if (!wantsReading(info, stream.kind)) return seekAnywhere
  const judge = stream.kind === 'video' ? pictureJudge(info, stream) : soundJudge(stream)
  await readPackets(path, stream, null, options, (packet) => judge.take(packet))
  return judge.verdict()
}

function pictureJudge(info: MediaInfo, { timeBase }: VideoStream): TimesJudge {
  return new TimesJudge({ tickSeconds: toNumber(timeBase), lacksIndex: lacksIndex(info) })
}

/** What a container rounds is no matter; where it does not, a sample is one. */
function soundJudge({ timeBase, sampleRate, frameSize }: AudioStream): SoundJudge {
  const tickSeconds = toNumber(timeBase)
  const packetSeconds = frameSize === null ? null : frameSize / sampleRate
  const onlySteps = packetSeconds === null && tickSeconds > 1 / sampleRate
  const toleranceSeconds = onlySteps ? 2.5 * tickSeconds : 1.01 * Math.max(tickSeconds, 1 / sampleRate)
  return new SoundJudge({ tickSeconds, toleranceSeconds, packetSeconds, onlySteps })
}
