import { edgesOf } from '../cluster/file-edges.ts'
import { PacelineError } from '../errors.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { createProbeCache, fileIdentity, type ProbeRequest } from '../media/probe-cache.ts'
import type { InputView } from './files/input-view.ts'
import { createPieceCache } from './files/piece-cache.ts'
import type { ByteSource } from './probe/byte-source.ts'
import type { ProbeDesk } from './probe/probe-desk.ts'
import type { WaitingProbe } from './probe/waiting-probe.ts'
import type { SessionInput } from './session/lease-carrier.ts'

/** A file that a session reads: what is in it, and how leases open it. */
export interface OpenedInput {
  readonly info: MediaInfo
  readonly input: SessionInput
  /** Where ffprobe can read it, until it is closed. */
  readonly address: () => string
  close(): Promise<void>
}

/** The media files that sessions read. */
export interface InputLibrary {
  /**
   * Looks into a file, unless it has been already. The view is closed with what is returned, or when that fails.
   * Throws PacelineError: E_PROBE_MISSING, E_PROBE_DENIED, E_PROBE_INVALID, E_PROBE_TOOL.
   */
  open(path: string, view: InputView, request?: ProbeRequest): Promise<OpenedInput>
}

/** As many as the probe cache remembers. */
const rememberedFiles = 500

const cachedBytes = 32 * 1024 * 1024

/**
 * A library that remembers its last files by identity (path, size and modification time), so that one that changed is
 * read anew, and one that did not costs nothing.
 */
export function createInputLibrary(desk: ProbeDesk, waiting: Pick<WaitingProbe, 'probe'>): InputLibrary {
  const views = new Map<string, InputView & { readonly source: ByteSource }>()
  const cache = createProbeCache({
    probe(path, options) {
      const view = views.get(path)
      // The head's own is probed by its path: FFmpeg's own words about it are then the right ones.
      return waiting.probe(view?.path ?? path, {
        ...options,
        ...(view?.path === null && { source: view.source }),
      })
    },
    state: (path) => Promise.resolve(views.get(path)!.state),
  })
  const pieces = createPieceCache(cachedBytes)
  const known = new Map<string, string>()

  const edgesFor = async (identity: string, source: ByteSource): Promise<string> => {
    const edges = known.get(identity) ?? (await edgesOf(source.size, source.read))
    known.delete(identity)
    known.set(identity, edges)
    for (const oldest of [...known.keys()].slice(0, -rememberedFiles)) known.delete(oldest)
    return edges
  }
  return {
    async open(path, view, request = {}) {
      const identity = fileIdentity(view.state, path)
      const bytes = view.path === null ? pieces.over(view.bytes, identity) : view.bytes
      const source = { size: Number(view.state.size), read: bytes.read, close: () => Promise.resolve() }
      const mine = { ...view, source }
      const addresses: { close(): void }[] = []
      views.set(path, mine)
      const close = async () => {
        if (views.get(path) === mine) views.delete(path)
        for (const address of addresses.splice(0)) address.close()
        await view.close()
      }
      const address = () => {
        if (view.path !== null) return view.path
        const reserved = desk.reserve()
        reserved.serve(source)
        addresses.push(reserved)
        return reserved.url
      }
      try {
        const reading = edgesFor(identity, source)
        reading.catch(() => undefined)
        const info = await cache.probe(path, { ...request, state: view.state })
        const input = { path, size: source.size, identity, edges: await reading, bytes }
        return { info, input, address, close }
      } catch (error) {
        await close()
        throw named(error, path)
      }
    },
  }
}

/** ffprobe may have been given another address; the user knows the path. */
function named(error: unknown, path: string): unknown {
  if (!(error instanceof PacelineError) || error.code === 'E_PROBE_TOOL' || error.where.startsWith(path))
    return error
  return new PacelineError(error.code, path, { cause: error.cause })
}
