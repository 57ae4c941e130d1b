import type { Block } from '../../container/matroska/cluster.ts'
import type { TextTrackEntry } from '../../container/matroska/header.ts'
import type { TextCue } from '../../container/text/text-file.ts'
import type { TextProgress } from '../../dialects/plex/text-progress.ts'
import type { Plan, SubtitleFormat } from '../../plan/plan.ts'

/** Tracks of text within segments of Matroska. */
export interface TextBlocks {
  /** How the header describes them, given the first text. */
  entries(text: readonly TextProgress[]): TextTrackEntry[]
  /** A segment's other blocks with the text that begins in it, each before what is shown or heard later. */
  among(blocks: readonly Block[], text: readonly TextProgress[]): readonly Block[]
}

export interface TextBlocksOptions {
  readonly firstTrack: number
  /** Added to all times. */
  readonly offsetMilliseconds: number
}

/** As RFC 9559 and "Matroska: Subtitles" register them. */
const codecIds: Readonly<Record<SubtitleFormat, string>> = {
  ...{ srt: 'S_TEXT/UTF8', ass: 'S_TEXT/ASS', webvtt: 'D_WEBVTT/SUBTITLES' },
}

export function textBlocks(plan: Plan, { firstTrack, offsetMilliseconds }: TextBlocksOptions): TextBlocks {
  const tracks = (plan.subtitles ?? []).flatMap(({ to, language }) =>
    to.kind === 'inside' && to.format ? [{ format: to.format, language }] : [],
  )
  const counts = tracks.map(() => 0)

  const blocksOf = (cues: readonly TextCue[], index: number): Block[] =>
    cues.map((cue) => {
      const milliseconds = Math.round(cue.startSeconds * 1000)
      const count = counts[index]!
      counts[index] = count + 1
      return {
        ...{ track: firstTrack + index, isKey: true, milliseconds: milliseconds + offsetMilliseconds },
        durationMilliseconds: Math.max(0, Math.round(cue.endSeconds * 1000) - milliseconds),
        data: Buffer.from(contentOf(cue, tracks[index]!.format, count)),
      }
    })
  return {
    entries: (text) =>
      tracks.map(({ format, language }, index) => ({
        ...{ kind: 'text', codecId: codecIds[format] },
        codecPrivate: format === 'ass' ? Buffer.from(text[index]?.header ?? '') : null,
        ...(language !== undefined && { language }),
      })),
    among(blocks, text) {
      const words = text
        .flatMap(({ cues }, index) => (tracks[index] ? blocksOf(cues, index) : []))
        .toSorted((a, b) => a.milliseconds - b.milliseconds)
      if (words.length === 0) return blocks
      const mixed: Block[] = []
      let next = 0
      for (const block of blocks) {
        for (let word = words[next]; word && word.milliseconds <= block.milliseconds; word = words[++next]) {
          mixed.push(word)
        }
        mixed.push(block)
      }
      return [...mixed, ...words.slice(next)]
    },
  }
}

/**
 * What of a cue stands in a block: its text alone; of ASS the fields behind its times, with its number and layer before
 * them.
 */
function contentOf({ text }: TextCue, format: SubtitleFormat, count: number): string {
  if (format === 'srt') return text.slice(text.indexOf('\n') + 1).trimEnd()
  const [, layer = '0', rest = ''] = /^Dialogue: ([^,]*),[^,]*,[^,]*,(.*)/.exec(text) ?? []
  return `${count},${layer},${rest}`
}
