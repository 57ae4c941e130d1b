import type { TextCue, TextFormatRules } from './text-file.ts'

/** A piece of text as a segment of its own. */
export interface TextChunk {
  readonly number: number
  /** Seconds; both 0 or more, and the first chunk begins at 0 whatever its first cue does. */
  readonly startSeconds: number
  readonly endSeconds: number
  readonly text: string
}

/** What has changed: a chunk was begun, has grown, or is whole. */
export interface ChunkStep {
  readonly what: 'begun' | 'grown' | 'whole'
  readonly chunk: TextChunk
}

/** Cuts cues into segments. Cues come in the order of their beginning. */
export interface TextCutter {
  /** The first chunk is begun before there is any cue. */
  begin(): ChunkStep[]
  add(cues: readonly TextCue[]): ChunkStep[]
  /** No cue follows. */
  end(): ChunkStep[]
}

export interface TextCutterOptions {
  readonly rules: TextFormatRules
  /** At the end of each chunk. */
  readonly trailer: string
  readonly firstNumber: number
  readonly segmentSeconds: number
}

/**
 * As FFmpeg's segment muxer does it for a stream of text (libavformat/segment.c, seg_write_packet): a cue at or after
 * the end of the time that has been given to the chunks so far begins another one, unless the chunk is still empty. So
 * there is at most one new chunk for each cue, and after a long silence there are chunks of one cue each until their
 * count has caught up.
 */
export function createTextCutter(options: TextCutterOptions): TextCutter {
  const { rules, trailer, firstNumber, segmentSeconds } = options
  let count = 0
  let cues: TextCue[] = []
  let chunk: TextChunk = { number: firstNumber, startSeconds: 0, endSeconds: 0, text: '' }

  const whole = (): ChunkStep => ({ what: 'whole', chunk: { ...chunk, text: `${chunk.text}${trailer}` } })
  const addOne = (cue: TextCue): ChunkStep[] => {
    const steps: ChunkStep[] = []
    if (cues.length > 0 && cue.startSeconds >= segmentSeconds * (count + 1)) {
      steps.push(whole())
      count += 1
      cues = []
      const { startSeconds } = cue
      chunk = { number: firstNumber + count, startSeconds, endSeconds: startSeconds, text: '' }
      steps.push({ what: 'begun', chunk })
    }
    cues.push(cue)
    const endSeconds = Math.max(chunk.endSeconds, cue.endSeconds)
    chunk = { ...chunk, endSeconds, text: rules.print(cues, 0) }
    return [...steps, { what: 'grown', chunk }]
  }
  return {
    begin: () => [{ what: 'begun', chunk }],
    add: (more) => more.flatMap(addOne),
    end: () => [whole()],
  }
}
