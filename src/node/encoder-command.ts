import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { PacelineError } from '../errors.ts'

const run = promisify(execFile)

/**
 * How ffmpeg is called on this machine: through setpriv where that works, so that the kernel kills ffmpeg when
 * the agent dies, however it dies. `ffmpeg` is a path or a name to be found in PATH.
 * Throws E_FFMPEG_MISSING when there is none.
 */
export async function encoderCommand(ffmpeg: string): Promise<readonly [string, ...string[]]> {
  const program = await findProgram(ffmpeg)
  if (program === undefined) throw new PacelineError('E_FFMPEG_MISSING', await whyNot(ffmpeg))
  const setpriv = await findProgram('setpriv')
  const bound = setpriv === undefined ? undefined : ([setpriv, '--pdeathsig', 'KILL'] as const)
  if (bound === undefined || !(await works(bound))) return [program]
  return [...bound, program]
}

/** A name that was looked for in vain, or a path with what is wrong about it. */
async function whyNot(ffmpeg: string): Promise<string> {
  if (!ffmpeg.includes('/')) return ffmpeg
  const isThere = await access(ffmpeg).then(
    () => true,
    () => false,
  )
  return isThere ? `${ffmpeg} is there, but may not be run by this user` : ffmpeg
}

/** Busybox's setpriv has no --pdeathsig. */
async function works([setpriv, ...options]: readonly [string, ...string[]]): Promise<boolean> {
  try {
    await run(setpriv, [...options, 'true'])
    return true
  } catch {
    return false
  }
}

async function findProgram(name: string): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  // As a shell has it: what has a slash is a path, and not looked for.
  const candidates = name.includes('/') ? [resolve(name)] : folders.map((folder) => join(folder, name))
  for (const candidate of candidates) {
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (executable) return candidate
  }
  return undefined
}
