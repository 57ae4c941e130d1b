import type { FileIdentity } from './hello.ts'

/** A plain file in a folder. */
export interface ListedFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/**
 * Files where the media server is, as its own user: below the job's working directory, and the outputs that its
 * arguments name. Paths are absolute. Each call rejects with E_HANDS_REFUSED for a path that is neither, or that leads
 * over a link; with an error whose `code` is the system's, such as ENOSPC; and with E_HANDS_GONE once the job is over.
 */
export interface HandFiles {
  /** Makes the file, or replaces what is in it. It is there, and short, while it is being written. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Writes into a file that is there, from this byte on; what lies between its end and that is zeros. */
  writeAt(path: string, position: number, bytes: Uint8Array): Promise<void>
  /** In one step, also over a file that is there. */
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Plain files of a folder, in no order; only below the working directory. */
  list(folder: string): Promise<readonly ListedFile[]>
  look(path: string): Promise<FileLook>
}

export interface FileLook {
  readonly kind: 'file' | 'folder' | 'other'
  readonly size: number
  readonly mtimeNs: bigint
}

/** A request to the media server. The address is an argument of the job, so that what is secret in it stays there. */
export interface HandRequest {
  readonly method: 'PUT' | 'POST'
  /** Which argument has the address: `http:` and a loopback address. */
  readonly argument: number
  /** Follows it: more of a path, a query, or nothing. */
  readonly suffix: string
  /** In this order. `token` is where the shim puts the server's token, if there is one. */
  readonly headers: readonly (readonly [name: string, value: string] | 'token')[]
  /** Null sends none. */
  readonly body: string | null
  /** On the connection of the request before that kept it, and kept for the next one. */
  readonly keepsConnection: boolean
  /** For the whole exchange; 60,000 at most. */
  readonly timeoutMilliseconds: number
}

export type HandReply =
  | { readonly status: number; readonly body: string }
  /** `reused`: it had carried requests before; `sent`: the server may have heard the request whole. */
  | { readonly failed: string; readonly reused: boolean; readonly sent: boolean }

/** HTTP on the media server's own loopback. */
export interface HandHttp {
  /** Rejects with E_HANDS_GONE only: everything else is a reply or none. */
  exchange(request: HandRequest): Promise<HandReply>
}

/** A file that an argument names: the argument itself, behind `-i`, or `path`, in a filter graph. */
export interface NamedFile {
  readonly argument: number
  readonly path?: string
}

/** Bytes of the job's inputs, as the media server's user may read them. Rejects as {@link HandFiles} does. */
export interface HandReads {
  /** Fewer bytes than asked for only where the file ends. */
  read(file: NamedFile, position: number, length: number): Promise<Buffer>
  look(file: NamedFile): Promise<FileIdentity>
}

/**
 * One change to the job's arguments that makes the original begin later: another `value` for an option that says
 * where it begins, `-ss` and a value before an `-i` (`seek`), or `-fps_mode` or `-vsync` left out with its value (`drop`).
 */
export type ResumeEdit =
  | { readonly kind: 'value' | 'seek'; readonly argument: number; readonly value: string }
  | { readonly kind: 'drop'; readonly argument: number }

/** How the original goes on when the head has gone: with these changes, in the order of their arguments; or not at all. */
export type ResumeList = readonly ResumeEdit[] | 'over'

/** What a job lets the head do where the media server is; native/shim/PROTOCOL.md is the other side of it. */
export interface Hands {
  readonly files: HandFiles
  readonly http: HandHttp
  readonly reads: HandReads
  /**
   * From now on, or from when the next HTTP request has been sent whole, this is how the original goes on. False when
   * the job is over. With a note (ASCII, at most 64 bytes) the shim looks for another head first when this one is gone,
   * and shows it there; a shim that cannot do that leaves it out.
   */
  leaveResume(list: ResumeList, when: 'now' | 'with-next-request', note?: string): boolean
  /** The head lives. If nothing more comes for so long (500 to 60,000 ms), the original goes on. */
  beat(silenceMilliseconds: number): boolean
}
