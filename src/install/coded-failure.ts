import { PacelineError } from '../errors.ts'

const denials = new Set(['EACCES', 'EPERM', 'EROFS'])

/** What the system said of files here, as an error that a user can do something with; others are passed on. */
export function codedFailure(error: unknown, where: string): unknown {
  if (error instanceof PacelineError || !(error instanceof Error) || !('code' in error)) return error
  const { code, path = where } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') return error
  return new PacelineError(denials.has(code) ? 'E_INSTALL_DENIED' : 'E_OUTPUT_WRITE', `${path} (${code})`, {
    cause: error,
  })
}

/** Runs `work` and rejects with coded failures. */
export async function codingFailures<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw codedFailure(error, where)
  }
}
