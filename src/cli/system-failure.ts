import { PacelineError } from '../errors.ts'

/** What the system says, for people who do not know its words. */
const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its disk can only be read',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its user has no more room on this disk',
  ENOTDIR: 'something on the way is no folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its links lead in a circle',
  EIO: 'its disk has failed',
  EADDRINUSE: 'something else has this port',
  EADDRNOTAVAIL: 'it is no address of this machine',
  ENOTFOUND: 'nobody knows this name',
  EAI_AGAIN: 'nobody can be asked for this name',
}

/** What listening fails with; of the same codes elsewhere nothing is known. */
const listening: ReadonlySet<string | undefined> = new Set(['listen', 'bind', 'getaddrinfo'])

interface SystemError extends NodeJS.ErrnoException {
  readonly address?: string
  readonly port?: number
  readonly hostname?: string
}

/**
 * What the system has refused, as a failure that a person can do something about: E_LISTEN for an address, E_FILE for what
 * has a path or a disk. Null for all else, which may be a fault of ours.
 */
export function systemFailure(error: unknown): PacelineError | null {
  if (!(error instanceof Error)) return null
  const { code = '', syscall, path, dest, address, port, hostname } = error as SystemError & { dest?: string }
  const said = words[code]
  if (said === undefined) return null
  if (listening.has(syscall)) {
    const place = hostname ?? [address, port].filter((part) => part !== undefined).join(' port ')
    return new PacelineError('E_LISTEN', `${place}: ${said}`, { cause: error })
  }
  // Writing has no path of its own: the file was opened before.
  const place = path ?? dest ?? (syscall === undefined ? undefined : `in a ${syscall}`)
  if (place === undefined) return null
  return new PacelineError('E_FILE', `${place}: ${said}`, { cause: error })
}
