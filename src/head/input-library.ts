import { stat } from 'node:fs/promises'
import { fileEdges } from '../cluster/file-edges.ts'
import { PacelineError } from '../errors.ts'
import type { FfprobeOptions } from '../media/ffprobe.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { createProbeCache, type FileState, fileIdentity, type ProbeRequest } from '../media/probe-cache.ts'
import type { SessionInput } from './session/lease-carrier.ts'

/** A file that a session reads: what is in it, and how leases open it. */
export interface OpenedInput {
  readonly info: MediaInfo
  readonly input: SessionInput
}

/** The media files that the head can open itself. */
export interface InputLibrary {
  /** Throws PacelineError: E_PROBE_MISSING, E_PROBE_DENIED, E_PROBE_INVALID, E_PROBE_TOOL. */
  open(path: string, request?: ProbeRequest): Promise<OpenedInput>
}

/** As many as the probe cache remembers. */
const rememberedFiles = 500

export interface InputLibraryOptions {
  readonly probe?: (path: string, options: FfprobeOptions) => Promise<MediaInfo>
}

/**
 * A library that remembers its last files by identity (path, size and modification time), so that one that changed is
 * read anew, and one that did not costs a single look at it.
 */
export function createInputLibrary(options: InputLibraryOptions = {}): InputLibrary {
  const cache = createProbeCache(options)
  const known = new Map<string, SessionInput>()

  const read = async (path: string, state: FileState): Promise<SessionInput> => {
    const { edges } = await fileEdges(path)
    return { path, size: Number(state.size), identity: fileIdentity(state, path), edges }
  }
  const remember = (input: SessionInput): SessionInput => {
    known.delete(input.identity)
    known.set(input.identity, input)
    for (const oldest of [...known.keys()].slice(0, -rememberedFiles)) known.delete(oldest)
    return input
  }
  return {
    async open(path, request = {}) {
      // Before it is opened: a pipe would be waited for, perhaps for ever. What is not there is the probe's to tell.
      const before = await lookAt(path).catch(missing)
      const input = before && known.get(fileIdentity(before, path))
      if (input)
        return { info: await cache.probe(path, { ...request, state: before }), input: remember(input) }
      const reading = before && read(path, before)
      reading?.catch(() => undefined)
      const info = await cache.probe(path, { ...request, ...(before && { state: before }) })
      const after = await lookAt(path)
      const isSame = before && fileIdentity(before, path) === fileIdentity(after, path)
      return { info, input: remember(await (isSame && reading ? reading : read(path, after))) }
    },
  }
}

async function lookAt(path: string): Promise<FileState> {
  const state = await stat(path, { bigint: true })
  if (!state.isFile()) throw new PacelineError('E_PROBE_INVALID', `${path} is not a plain file`)
  return state
}

/** Whatever else is wrong with a file, ffprobe finds it too and has the words for it. */
function missing(error: unknown): null {
  if (error instanceof PacelineError) throw error
  return null
}
