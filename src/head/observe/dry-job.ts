import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { PacelineError } from '../../errors.ts'
import { localJob } from '../../plan/refusal.ts'
import type { DoorJob } from '../door/door-job.ts'
import type { Hands, NamedFile } from '../door/hands.ts'

/** How a job that nobody carries out was answered. */
export type DryAnswer =
  | { readonly how: 'local'; readonly reason: string }
  /** The head could not look at this file, and so cannot tell. */
  | { readonly how: 'unseen'; readonly path: string }

export interface DryJob extends DoorJob {
  /** Nobody waits for it any more. */
  end(): void
}

/**
 * The same job once more, for the head to answer without any effect: what is written, sent or announced goes nowhere,
 * and inputs are read from this machine's disk, where they are the very files that the shim saw.
 */
export function dryJobOf(job: DoorJob, onAnswer: (answer: DryAnswer) => void): DryJob {
  const over = new AbortController()
  let unseen: string | null = null
  const answer = (reason: string): boolean => {
    if (over.signal.aborted) return false
    over.abort()
    onAnswer(unseen === null ? { how: 'local', reason } : { how: 'unseen', path: unseen })
    return true
  }
  const isAsked = () => !over.signal.aborted
  const told = () => Promise.resolve(isAsked())
  const { version, features, pid, uid, streams, cwd, program, args, env, inputs, folder } = job
  return {
    ...{ version, features, pid, uid, streams, cwd, program, args, env, inputs },
    ...(folder && { folder }),
    accept: isAsked,
    local: answer,
    ...{ stdout: told, stderr: told },
    // What ends without the original is told to the media server by the head: an input that is not there.
    exit: () => answer(localJob('unopened').local),
    exitBySignal: () => answer(localJob('unopened').local),
    onStdin: () => undefined,
    onSignal: () => undefined,
    ...{ released: over.signal, closed: over.signal },
    hasAnswered: true,
    hands: emptyHands(job, (path) => {
      unseen = path
    }),
    end: () => over.abort(),
  }
}

function emptyHands(job: DoorJob, onUnseen: (path: string) => void): Hands {
  const done = () => Promise.resolve()
  const nothing = { kind: 'other', size: 0, mtimeNs: 0n } as const
  return {
    files: {
      ...{ write: done, writeAt: done, rename: done, remove: done },
      ...{ list: () => Promise.resolve([]), look: () => Promise.resolve(nothing) },
    },
    http: { exchange: () => Promise.resolve({ status: 200, body: '' }) },
    reads: {
      read: (file, position, length) => readSame(job, file, position, length).catch(unseen(file)),
      look: (file) => Promise.resolve(identityOf(job, file)).catch(unseen(file)),
    },
    ...{ leaveResume: () => true, beat: () => true },
  }

  function unseen(file: NamedFile): (error: unknown) => never {
    return (error) => {
      const path = pathOf(job, file)
      onUnseen(path)
      throw error instanceof PacelineError
        ? error
        : new PacelineError('E_PATH_OUTSIDE', path, { cause: error })
    }
  }
}

function pathOf({ args }: DoorJob, { argument, path }: NamedFile): string {
  return path ?? args[argument]?.replace(/^file:/, '') ?? ''
}

function identityOf(job: DoorJob, file: NamedFile) {
  const input = job.inputs.find(({ argument }) => argument === file.argument)
  if (input && file.path === undefined) return input.identity
  throw new PacelineError('E_PATH_OUTSIDE', pathOf(job, file))
}

/** Only the very file that the media server's own user could open. */
async function readSame(job: DoorJob, file: NamedFile, position: number, length: number): Promise<Buffer> {
  const path = pathOf(job, file)
  const wanted = identityOf(job, file)
  const isSame = (found: { dev: bigint; ino: bigint; size: bigint }) =>
    found.dev === wanted.device && found.ino === wanted.inode && found.size === wanted.size
  // To open anything else than a plain file may already do something.
  const found = await stat(path, { bigint: true })
  if (!found.isFile() || !isSame(found)) throw new PacelineError('E_PATH_OUTSIDE', path)
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!isSame(await handle.stat({ bigint: true }))) throw new PacelineError('E_PATH_OUTSIDE', path)
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
