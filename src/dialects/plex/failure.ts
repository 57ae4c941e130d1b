import { constants } from 'node:os'
import { PacelineError } from '../../errors.ts'

/** Why a job ends without output, in the words and with the exit code of FFmpeg 6.1. */
export interface PlexFailure {
  /** What av_strerror says. */
  readonly reason: string
  readonly exitCode: number
  /** What FFmpeg's demuxer said before, if anything. */
  readonly log: readonly string[]
}

/** What the system calls the errors that an input or the working directory may meet (errno, glibc's words). */
const systemErrors = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EISDIR: 'Is a directory',
  EIO: 'Input/output error',
  ENOSPC: 'No space left on device',
  ENAMETOOLONG: 'File name too long',
} as const

/** AVERROR_INVALIDDATA is the tag INDA, lowest byte first and negated (libavutil/error.h). */
const invalidData = { reason: 'Invalid data found when processing input', averror: -tag('INDA') }
const failed = { reason: 'Conversion failed!', exitCode: 1 }

const exitCodes: ReadonlyMap<string, number> = new Map([
  ...Object.entries(systemErrors).map(([name, reason]): [string, number] => [
    reason,
    exitCodeOfAverror(-constants.errno[name as keyof typeof systemErrors]),
  ]),
  [invalidData.reason, exitCodeOfAverror(invalidData.averror)],
])

/**
 * What the transcoder would have said and returned for an error of ours. A probe's failure repeats the words of
 * FFmpeg that it carries as its cause; an unknown error is a failed conversion.
 */
export function failureFor(error: unknown): PlexFailure {
  const said = ffmpegWords(error)
  if (said !== null) return { ...said, exitCode: exitCodes.get(said.reason) ?? failed.exitCode }
  const reason = reasonOf(error)
  return { reason, exitCode: exitCodes.get(reason) ?? failed.exitCode, log: [] }
}

/** A damaged file makes FFmpeg say much; the server hears the beginning. */
const mostLogLines = 100

/**
 * Everything that the transcoder logs at level 0 about an error of ours, in order, and the exit code. `input` is the one
 * that could not be opened, if that is what failed.
 */
export function failureReport(
  error: unknown,
  input?: { readonly index: number; readonly path: string },
): { readonly messages: readonly string[]; readonly exitCode: number } {
  const { reason, exitCode, log } = failureFor(error)
  const opening = input === undefined ? [reason] : openingMessages(input.index, input.path, reason)
  return { messages: [...log.slice(0, mostLogLines), ...opening], exitCode }
}

/** Exit code of the job for an error of ours: 254 for a missing input, 243 for an unreadable one, 183 for nonsense. */
export function exitCodeFor(error: unknown): number {
  return failureFor(error).exitCode
}

/**
 * What the transcoder logs at level 0 when an input cannot be opened, in order. The address in the first line is
 * that of a C structure and differs from run to run.
 */
export function openingMessages(inputIndex: number, inputPath: string, reason: string): readonly string[] {
  return [
    `[in#${inputIndex} @ 0x5500c0de0000] Error opening input: ${reason}`,
    `Error opening input file ${inputPath}.`,
    `Error opening input files: ${reason}`,
  ]
}

function reasonOf(error: unknown): string {
  if (error instanceof PacelineError) {
    if (error.code === 'E_PROBE_MISSING') return systemErrors.ENOENT
    if (error.code === 'E_PROBE_DENIED') return systemErrors.EACCES
    if (error.code === 'E_PROBE_INVALID') return invalidData.reason
    return error.cause === undefined ? failed.reason : reasonOf(error.cause)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return Object.hasOwn(systemErrors, code) ? systemErrors[code as keyof typeof systemErrors] : failed.reason
}

/** The cause of a failed probe: FFmpeg's reason, if it is one with an exit code of its own, and its log. */
function ffmpegWords(error: unknown): { reason: string; log: readonly string[] } | null {
  if (!(error instanceof PacelineError)) return null
  const cause: unknown = error.cause
  if (typeof cause !== 'object' || cause === null || !('reason' in cause) || !('log' in cause)) return null
  const { reason, log } = cause
  if (typeof reason !== 'string' || !exitCodes.has(reason) || !Array.isArray(log)) return null
  return { reason, log: log.filter((line): line is string => typeof line === 'string') }
}

/** The lowest eight bits of a negative AVERROR are what a process can return of it. */
function exitCodeOfAverror(averror: number): number {
  return averror & 0xff
}

function tag(characters: string): number {
  return [...characters].reduce(
    (value, character, index) => value | (character.charCodeAt(0) << (8 * index)),
    0,
  )
}
