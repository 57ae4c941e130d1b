import { stat } from 'node:fs/promises'
import { fileEdges } from '../cluster/file-edges.ts'
import { PacelineError } from '../errors.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { createProbeCache, fileIdentity, type ProbeRequest } from '../media/probe-cache.ts'
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

/** A library that remembers its last files by identity (device, inode, size and times), so that one that changed is read anew. */
export function createInputLibrary(): InputLibrary {
  const cache = createProbeCache()
  const known = new Map<string, string>()
  return {
    async open(path, request = {}) {
      // Before it is opened: a pipe would be waited for, perhaps for ever. What is not there is the probe's to tell.
      const found = await stat(path).catch(() => null)
      if (found && !found.isFile()) throw new PacelineError('E_PROBE_INVALID', `${path} is not a plain file`)
      const info = await cache.probe(path, request)
      const state = await stat(path, { bigint: true })
      const identity = fileIdentity(state, path)
      const edges = known.get(identity) ?? (await fileEdges(path)).edges
      known.set(identity, edges)
      for (const oldest of [...known.keys()].slice(0, -rememberedFiles)) known.delete(oldest)
      return { info, input: { path, size: Number(state.size), identity, edges } }
    },
  }
}
