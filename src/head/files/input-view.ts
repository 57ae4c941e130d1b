import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { PacelineError } from '../../errors.ts'
import type { FileState } from '../../media/probe-cache.ts'
import type { DoorJob } from '../door/door-job.ts'
import type { HelloInput } from '../door/hello.ts'
import type { MediaBytes } from './media-bytes.ts'
import type { Roots } from './roots.ts'

/** An input as one job sees it: which state of which file, and how its bytes come. */
export interface InputView {
  readonly state: FileState
  readonly bytes: MediaBytes
  /** Where the head finds it itself; null where it is read through the shim. */
  readonly path: string | null
  /**
   * Whose word its state is: the user of the shim that reads it, null for what the head has seen itself. Nothing that
   * one user has said of a file is taken for true with another.
   */
  readonly teller: number | null
  close(): Promise<void>
}

/**
 * The input of a job: opened by the head where it finds the very same file (device, inode, size) below its media
 * roots, and read through the shim otherwise.
 */
export async function viewForJob(
  job: DoorJob,
  input: HelloInput,
  path: string,
  roots: Roots,
): Promise<InputView> {
  const handle = await roots.open(path).catch(() => null)
  const own = handle && (await viewAt(handle, path))
  if (own && isSame(own.identity, input)) return own
  await own?.close()
  const { reads } = job.hands
  const file = { argument: input.argument }
  return {
    state: input.identity,
    bytes: { read: (position, length) => reads.read(file, position, length) },
    path: null,
    // Where the kernel is not asked, the socket's permissions have let in one kind of user only.
    teller: job.uid ?? -1,
    close: () => Promise.resolve(),
  }
}

/** A file that somebody names who may read what the head may read. Throws what the system says; E_PROBE_INVALID. */
export async function viewOfOwn(path: string): Promise<InputView> {
  const view = await viewOfHandle(await open(path, constants.O_RDONLY | constants.O_NONBLOCK), path)
  if (view) return view
  throw new PacelineError('E_PROBE_INVALID', `${path} is not a plain file`)
}

/** The same below the roots. Throws E_PATH_OUTSIDE as well. */
export async function viewBelow(path: string, roots: Roots): Promise<InputView> {
  const handle = await roots.open(path)
  if (!handle) throw new PacelineError('E_PATH_OUTSIDE', path)
  const view = await viewAt(handle, path)
  if (view) return view
  throw new PacelineError('E_PROBE_INVALID', `${path} is not a plain file`)
}

interface OwnView extends InputView {
  readonly identity: { readonly device: bigint; readonly inode: bigint; readonly size: bigint }
}

/** As viewOfHandle, links of the path followed. */
async function viewAt(handle: FileHandle, path: string): Promise<OwnView | null> {
  try {
    return await viewOfHandle(handle, await realpath(path))
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Null, and closed, for anything but a plain file. */
async function viewOfHandle(handle: FileHandle, path: string): Promise<OwnView | null> {
  const state = await handle.stat({ bigint: true })
  if (!state.isFile()) {
    await handle.close()
    return null
  }
  return {
    state,
    identity: { device: state.dev, inode: state.ino, size: state.size },
    path,
    teller: null,
    bytes: {
      async read(position, length) {
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position)
        return buffer.subarray(0, bytesRead)
      },
    },
    close: () => handle.close(),
  }
}

const isSame = (own: OwnView['identity'], { identity }: HelloInput): boolean =>
  own.device === identity.device && own.inode === identity.inode && own.size === identity.size
