import { lastValue, streamValue } from '../command/read-options.ts'
import type { StreamFacts } from '../command/select-streams.ts'
import { wordTable } from '../command/word-table.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { languageOf } from './language.ts'
import type { SubtitleFormat, SubtitleTrack } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import type { ReadOutput } from './sorted-outputs.ts'

/** Encoders of subtitles by FFmpeg's names. */
const codecs = wordTable<SubtitleTrack['codec']>({
  ...{
    copy: 'copy',
    ass: 'ass',
    ssa: 'ass',
    srt: 'srt',
    subrip: 'srt',
    webvtt: 'webvtt',
    mov_text: 'mov_text',
  },
})

/** The subtitles of one output: streams of the film's, or alone in an output beside it. */
export function subtitleTracks(
  { output, streams }: ReadOutput,
  facts: readonly StreamFacts[],
  to: SubtitleTrack['to'],
  infos: readonly MediaInfo[],
): SubtitleTrack[] {
  return streams.flatMap(({ kind, ref, source }, position) => {
    if (kind !== 'subtitle') return []
    const name = streamValue(output, 'codec', facts, position) ?? ''
    const codec = codecs[name]
    if (!codec) throw new NotPlannable('unknown-encoder', `the encoder ${name} for subtitles`)
    const alone = infos[ref.input]!.streams.every((stream) => stream.kind === 'subtitle')
    if (!alone && ref.input !== 0) throw new NotPlannable('inputs', 'subtitles of another film')
    const place = to.kind === 'inside' ? { ...to, ...formatOf(codec, source.codec) } : to
    return [{ source: ref, codec, alone, to: place, ...languageOf(output, position) }]
  })
}

/** Formats of streams that are text, by FFmpeg's names of codecs. */
const formatsOfCodecs = wordTable<SubtitleFormat>({
  ...{ subrip: 'srt', srt: 'srt', ass: 'ass', ssa: 'ass' },
})

function formatOf(codec: SubtitleTrack['codec'], source: string | null): { format?: SubtitleFormat } {
  const format = formatsOfCodecs[codec === 'copy' ? (source ?? '') : codec]
  return format ? { format } : {}
}

const textFormats: readonly SubtitleFormat[] = ['srt', 'ass', 'webvtt']

/** Where subtitles beside the film go; throws NotPlannable for what is neither a file nor segments of text. */
export function placeBeside({ output }: ReadOutput): SubtitleTrack['to'] {
  const value = (name: string) => lastValue(output.options, name)
  const muxer = value('f') ?? ''
  const own = textFormats.find((name) => name === muxer)
  if (own && output.path.startsWith('/')) return { kind: 'file', path: output.path, format: own }
  const wanted = value('segment_format') ?? ''
  const format = textFormats.find((name) => name === wanted)
  const seconds = Number(value('segment_time'))
  if ((muxer === 'segment' || muxer === 'ssegment') && format && seconds > 0) {
    return { kind: 'segments', seconds, format, name: output.path }
  }
  throw new NotPlannable('unknown-container', `subtitles as -f ${muxer} ${wanted}`)
}
