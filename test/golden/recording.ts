import { readFileSync } from 'node:fs'

/** A file and its size in bytes, as a directory listing shows it. */
export type ListedFile = readonly [name: string, bytes: number]

/** One request as the server received it. */
export interface RecordedRequest {
  /** Milliseconds since the job began. */
  readonly t: number
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** Names in lower case; the server's own address stands as {PMS_HOST}. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The reply asked the transcoder to slow down. */
  readonly reply?: 'canThrottle'
  /** The job's folder at the moment a list was posted. */
  readonly files?: readonly ListedFile[]
  /** SHA-256 of the files whose finished rows this post was the first to name. */
  readonly digests?: Readonly<Record<string, string>>
}

export interface RecordedStream {
  readonly index: number
  readonly codec_name?: string
  readonly codec_type?: string
  readonly width?: number
  readonly height?: number
  readonly start_time?: string
  readonly nb_read_packets?: string
}

/** A file in the job's folder at the end. */
export interface RecordedFile {
  readonly name: string
  readonly bytes: number
  readonly streams?: readonly RecordedStream[]
  /** SHA-256 at the end. */
  readonly digest?: string
}

/** A whole job as one server saw it: a golden recording of the real transcoder, or a new one to hold against it. */
export interface Recording {
  readonly name: string
  readonly note: string
  /** Name of the clip, without its folder. */
  readonly media: string
  /** With {PMS}, {MEDIA} and {CWD} in place of what changes. */
  readonly args: readonly string[]
  readonly exit: number | null
  readonly signal: string | null
  readonly ms: number
  readonly stderr: string
  readonly requests: readonly RecordedRequest[]
  readonly files: readonly RecordedFile[]
}

export function readRecording(path: string | URL): Recording {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof value !== 'object' || value === null || !('requests' in value) || !('files' in value)) {
    throw new Error(`${path} is not a recording`)
  }
  return value as Recording
}
