import type { Command, CommandOption, OutputFile } from '../../command/command.ts'
import type { LocalCode } from '../../plan/local-reasons.ts'
import { dashListing } from './dash-job.ts'
import { logLevels, type PlexFileJob, type PlexJob, type PlexServer } from './job.ts'
import type { SegmentListOptions } from './segment-list.ts'
import { parseSegmentTemplate, type SegmentTemplate } from './segment-name.ts'
import type { TextListing } from './text-job.ts'

/** The job is one for the server's own transcoder. */
export interface LocalJob {
  /** Why, by the closed list of reasons. */
  readonly code: LocalCode
  /** What in this job it is about, for people. */
  readonly local: string
}

/** Muxer options that change what the segment list says in ways this publisher does not know. */
const strangeListOptions = ['segment_list_entry_prefix', 'segment_list_flags', 'segment_wrap']

class NotOurs extends Error {
  readonly code: LocalCode

  constructor(code: LocalCode, detail: string) {
    super(detail)
    this.code = code
  }
}

/** The server behind a job, or why it is not one of Plex that is told about on this machine. */
export function plexServer(command: Command, hasToken: boolean): PlexServer | LocalJob {
  return orLocal(() => readServer(command, hasToken))
}

/**
 * How a job of Plex wants to be told about, or why it stays with the server's own transcoder. What is to be made
 * is not looked at here: that is the plan's.
 * @param hasToken whether the job has a token for the server.
 */
export function plexJob(command: Command, hasToken: boolean): PlexJob | LocalJob {
  return orLocal(() => readJob(command, hasToken))
}

const fileMuxers = new Set(['mp4', 'matroska'])

/** The same for a job that makes a file; null when the job is one of segments. */
export function plexFileJob(command: Command, hasToken: boolean): PlexFileJob | LocalJob | null {
  const { films, texts } = sortOutputs(command)
  const [output, ...more] = films
  if (!output || more.length > 0 || !fileMuxers.has(lastValue(output.options, 'f') ?? '')) return null
  return orLocal(() => {
    const server = readServer(command, hasToken)
    const text = texts.map(readText)
    // Without it FFmpeg asks, and gives up where nobody answers, when the file is there.
    if (!command.globals.some(({ name }) => name === 'y')) throw new NotOurs('no-way-back', '-y is missing')
    return { ...server, filePath: output.path, ...(text.length > 0 && { text }) }
  })
}

function orLocal<T>(read: () => T): T | LocalJob {
  try {
    return read()
  } catch (error) {
    if (error instanceof NotOurs) return { code: error.code, local: error.message }
    throw error
  }
}

function readServer(command: Command, hasToken: boolean): PlexServer {
  return {
    progressUrl: loopbackAddress(command.globals, 'progressurl'),
    logLevel: logLevel(command.globals),
    hasToken,
  }
}

function readJob(command: Command, hasToken: boolean): PlexJob {
  const server = readServer(command, hasToken)
  const { films, texts } = sortOutputs(command)
  const [film, ...more] = films
  if (film === undefined) throw new NotOurs('subtitles-only', '0 outputs instead of one')
  if (more.length > 0) throw new NotOurs('several-pictures', `${films.length} outputs instead of one`)
  const text = texts.map(readText)
  const job = lastValue(film.options, 'f') === 'dash' ? readDashJob(server, film) : readListJob(server, film)
  return text.length > 0 ? { ...job, text } : job
}

function readListJob(server: PlexServer, output: OutputFile): PlexJob {
  const { options } = output
  // Two names of one muxer: servers until 2017 wrote the shorter one.
  if (lastValue(options, 'f') !== 'segment') demand(options, 'f', 'ssegment')
  demand(options, 'segment_list_type', 'csv')
  const strange = strangeListOptions.find((name) => lastValue(options, name) !== null)
  if (strange !== undefined) throw new NotOurs('unknown-option', `-${strange} is not understood`)
  return {
    ...server,
    listUrl: loopbackAddress(options, 'segment_list'),
    list: { ...listOptions(output), ...headerName(options) },
    firstSegment: wholeNumber(options, 'segment_start_number', 0),
    segmentSeconds: seconds(options, 'segment_time'),
  }
}

function listOptions({ options, path }: OutputFile): SegmentListOptions {
  return {
    template: template(path),
    size: wholeNumber(options, 'segment_list_size', 0),
    separateStreamTimes: yes(options, 'segment_list_separate_stream_times'),
    unfinished: yes(options, 'segment_list_unfinished'),
  }
}

/** Subtitles are mapped to nowhere so that they are read for the filter that burns them in. */
function sortOutputs({ outputs }: Command): { films: OutputFile[]; texts: OutputFile[] } {
  const kept = outputs.filter(({ options }) => lastValue(options, 'f') !== 'null')
  return { films: kept.filter((output) => !isText(output)), texts: kept.filter(isText) }
}

const textFormats = ['ass', 'srt', 'webvtt']

/** Whether an output is a file or segments of text, beside the film's. */
function isText({ options }: OutputFile): boolean {
  const muxer = lastValue(options, 'f') ?? ''
  const format = lastValue(options, 'segment_format') ?? ''
  return textFormats.includes(muxer === 'segment' || muxer === 'ssegment' ? format : muxer)
}

function readText(output: OutputFile): TextListing {
  const { options, path } = output
  const muxer = lastValue(options, 'f')
  if (textFormats.includes(muxer ?? '')) {
    if (!path.startsWith('/')) throw new NotOurs('unknown-container', `${path} is no absolute path`)
    return { kind: 'file', path }
  }
  demand(options, 'segment_list_type', 'csv')
  const strange = strangeListOptions.find((name) => lastValue(options, name) !== null)
  if (strange !== undefined) throw new NotOurs('unknown-option', `-${strange} is not understood`)
  const headerText = lastValue(options, 'segment_header_filename')
  if (headerText !== null && !isPlainName(headerText)) {
    throw new NotOurs('unknown-container', `-segment_header_filename ${headerText} is not a plain name`)
  }
  return {
    kind: 'segments',
    listUrl: loopbackAddress(options, 'segment_list'),
    list: { ...listOptions(output), ...(headerText !== null && { headerName: headerText }) },
    firstSegment: wholeNumber(options, 'segment_start_number', 0),
    segmentSeconds: seconds(options, 'segment_time'),
  }
}

function readDashJob(server: PlexServer, output: OutputFile): PlexJob {
  const { options } = output
  const list = dashListing(output)
  if (typeof list === 'string') throw new NotOurs('unknown-container', list)
  const isOld = lastValue(options, 'seg_duration') === null
  return {
    ...server,
    listUrl: loopbackAddress(options, 'manifest_name'),
    list,
    firstSegment: Math.max(1, wholeNumber(options, 'skip_to_segment', 1)),
    segmentSeconds: isOld
      ? seconds(options, 'min_seg_duration') / 1_000_000
      : seconds(options, 'seg_duration'),
  }
}

/** As FFmpeg does: the last one counts. */
function lastValue(options: readonly CommandOption[], name: string): string | null {
  return options.findLast((option) => option.name === name)?.value ?? null
}

function demand(options: readonly CommandOption[], name: string, wanted: string): void {
  const value = lastValue(options, name)
  if (value === wanted) return
  throw new NotOurs('unknown-container', `-${name} is ${value ?? 'missing'}, not ${wanted}`)
}

/** The server is told on this machine or not at all: nothing else is worth its token. */
function loopbackAddress(options: readonly CommandOption[], name: string): string {
  const value = lastValue(options, name)
  if (value === null) throw new NotOurs('no-server', `-${name} is missing`)
  const url = URL.canParse(value) ? new URL(value) : null
  const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/
  if (url?.protocol !== 'http:' || !loopback.test(url.hostname) || url.username !== '' || url.hash !== '') {
    throw new NotOurs('foreign-server', `-${name} is not an HTTP address of this machine`)
  }
  return value
}

/** Matroska segments stand behind a header file; MPEG-TS has none, so that the file, where one is named, stays empty. */
function headerName(options: readonly CommandOption[]): { headerName?: string; isHeaderEmpty?: true } {
  const format = lastValue(options, 'segment_format')
  const name = lastValue(options, 'segment_header_filename')
  if (format === 'mpegts' && name === null) return {}
  if (format !== 'matroska' && format !== 'mpegts') {
    const what = `-segment_format is ${format ?? 'missing'}, with the header ${name}`
    throw new NotOurs('unknown-container', what)
  }
  if (name === null || !isPlainName(name)) {
    throw new NotOurs('unknown-container', `-segment_header_filename ${name} is not a plain name`)
  }
  return { headerName: name, ...(format === 'mpegts' && { isHeaderEmpty: true as const }) }
}

const isPlainName = (name: string): boolean => /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(name)

function template(path: string): SegmentTemplate {
  const parsed = parseSegmentTemplate(path)
  if (parsed === null) throw new NotOurs('unknown-container', `${path} is not a plain name with one number`)
  return parsed
}

function wholeNumber(options: readonly CommandOption[], name: string, otherwise: number): number {
  const value = lastValue(options, name)
  if (value === null) return otherwise
  if (!/^\d{1,10}$/.test(value))
    throw new NotOurs('unknown-option', `-${name} ${value} is not a whole number`)
  return Number(value)
}

function seconds(options: readonly CommandOption[], name: string): number {
  const value = lastValue(options, name)
  if (value === null || !/^\d+(\.\d+)?$/.test(value) || !(Number(value) > 0)) {
    throw new NotOurs('unknown-option', `-${name} ${value ?? 'is missing and'} is not a number of seconds`)
  }
  return Number(value)
}

function yes(options: readonly CommandOption[], name: string): boolean {
  const value = lastValue(options, name) ?? '0'
  if (value !== '0' && value !== '1')
    throw new NotOurs('unknown-option', `-${name} ${value} is neither 0 nor 1`)
  return value === '1'
}

/** Without the option Plex's transcoder logs nothing. */
function logLevel(globals: readonly CommandOption[]): number {
  const value = lastValue(globals, 'loglevel_plex')
  if (value === null) return logLevels.quiet
  if (Object.hasOwn(logLevels, value)) return logLevels[value as keyof typeof logLevels]
  if (!/^-?\d{1,3}$/.test(value))
    throw new NotOurs('unknown-option', `-loglevel_plex ${value} is not a level`)
  return Number(value)
}
