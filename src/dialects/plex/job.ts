import type { DashListing } from './dash-job.ts'
import type { SegmentListing } from './segment-announcer.ts'
import type { TextListing } from './text-job.ts'

/** The media server behind a job, and how it wants to be spoken to. */
export interface PlexServer {
  /** Base of all progress, stream and log calls; HTTP on a loopback address. */
  readonly progressUrl: string
  /** What `-loglevel_plex` lets through, in FFmpeg's numbers: 16 is error, -8 is quiet. */
  readonly logLevel: number
  /** Whether there is a token for the server: the shim knows it and adds it, nobody else does. */
  readonly hasToken: boolean
}

/** How a job of Plex wants to be told about: everything the publisher needs from the command line. */
export interface PlexJob extends PlexServer {
  /** Where the segment list or the manifest is posted; HTTP on a loopback address. */
  readonly listUrl: string
  readonly list: SegmentListing | DashListing
  /** Text beside the film, in the order of its outputs. */
  readonly text?: readonly TextListing[]
  /** Number of the first segment. */
  readonly firstSegment: number
  /** The `-segment_time`, or what DASH has in its place. */
  readonly segmentSeconds: number
}

/** A job of Plex that makes a file: an optimised version. The server hears of its progress, and the exit code says when it is whole. */
export interface PlexFileJob extends PlexServer {
  readonly filePath: string
  /** Text beside the film, in the order of its outputs. */
  readonly text?: readonly TextListing[]
}

/** FFmpeg's log levels by name (libavutil/log.h). */
export const logLevels = {
  quiet: -8,
  panic: 0,
  fatal: 8,
  error: 16,
  warning: 24,
  info: 32,
  verbose: 40,
  debug: 48,
  trace: 56,
} as const
