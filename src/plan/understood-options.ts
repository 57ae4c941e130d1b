import type { Command, CommandOption, OutputFile } from '../command/command.ts'
import { droppedOptions } from './dropped-options.ts'
import { NotPlannable } from './refusal.ts'

/** The options that the plan reads, by where they stand; those that it may leave out are in dropped-options.ts. */
const read = {
  global: words('start_at_zero copyts vsync filter_complex'),
  input: words(`
    codec ss noaccurate_seek accurate_seek analyzeduration probesize f autorotate display_rotation canvas_size
    resize deint drop_second_field safe
  `),
  output: words(`
    map metadata codec fps_mode r force_key_frames map_metadata bsf
    crf b maxrate bufsize preset tune profile level x264opts x264-params x265-params qp global_quality cq
    g keyint_min bf refs sc_threshold ac ar ch_layout flags fflags
    f max_delay avoid_negative_ts segment_format segment_format_options segment_time segment_start_number
    seg_duration min_seg_duration skip_to_segment movflags map_inlineass
    filter pix_fmt an vn sn dn q vbr qmin qmax qp_i qp_p qp_init qvbr_quality_level svtav1-params
    hls_time hls_segment_type start_number
  `),
} as const

type Place = keyof typeof read

/** Throws NotPlannable unless every option of the command is one that the plan takes into account. */
export function demandUnderstood(command: Command): void {
  const [unknown] = command.unknown
  if (unknown) throw new NotPlannable('unknown-option', unknown.option.spelling)
  const [problem] = command.problems
  if (problem) throw new NotPlannable('incomplete-command', problem.text)
  demandAll(command.globals, 'global')
  for (const input of command.inputs) demandAll(input.options, 'input')
  for (const output of command.outputs) demandOutput(output)
}

function demandOutput(output: OutputFile): void {
  demandAll(output.options, 'output')
  const flags = output.options.find(({ name, value }) => name === 'flags' && !knownFlags.has(value ?? ''))
  if (flags) throw new NotPlannable('unknown-option', `-flags ${flags.value}`)
  const buffering = output.options.find(({ name, value }) => name === 'fflags' && value !== '+flush_packets')
  if (buffering) throw new NotPlannable('unknown-option', `-fflags ${buffering.value}`)
  const metadata = output.options.find(({ name, value }) => name === 'map_metadata' && value !== '-1')
  if (metadata) throw new NotPlannable('unknown-option', `-map_metadata ${metadata.value}`)
}

/** Where parameter sets go: the head puts them where its packaging wants them. */
const knownFlags = new Set(['+global_header', '-global_header', 'global_header'])

function demandAll(options: readonly CommandOption[], place: Place): void {
  const strange = options.find(
    ({ name }) => !read[place].has(name) && !Object.hasOwn(droppedOptions[place], name),
  )
  if (strange) throw new NotPlannable('unknown-option', `${strange.spelling} is not understood here`)
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
