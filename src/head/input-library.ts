import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
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

export function createInputLibrary(): InputLibrary {
  const cache = createProbeCache()
  return {
    async open(path, request = {}) {
      const info = await cache.probe(path, request)
      const state = await stat(path, { bigint: true })
      if (!state.isFile()) throw new PacelineError('E_PROBE_INVALID', `${path} is not a plain file`)
      await access(path, constants.R_OK)
      return { info, input: { path, size: Number(state.size), identity: fileIdentity(state, path) } }
    },
  }
}
