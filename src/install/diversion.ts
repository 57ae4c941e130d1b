import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { FoundTranscoder } from './find-transcoder.ts'

const run = promisify(execFile)

/**
 * Debian's way to keep a file of a package elsewhere: updates of the package then go to `.orig` by themselves, and the
 * shim stays. Nothing is renamed by it.
 */
export interface Diversion {
  /** The package that the transcoder belongs to; null where there is none, or no dpkg. */
  owner(): Promise<string | null>
  /** Whether the transcoder is diverted to `.orig`. */
  isOn(): Promise<boolean>
  /** Rejects with what dpkg-divert says. */
  turnOn(): Promise<void>
  turnOff(): Promise<void>
}

/** For a transcoder, in the package database of the root folder that it was found below. */
export function diversionOf({ root, inside }: FoundTranscoder): Diversion {
  const diverted = `${inside}.orig`
  const divert = (...args: string[]) =>
    run('dpkg-divert', ['--root', root, '--local', '--no-rename', '--quiet', ...args])
  const isDebian = () =>
    access(join(root, 'var/lib/dpkg/status')).then(
      () => true,
      () => false,
    )
  const answer = async (program: string, ...args: string[]): Promise<string> => {
    if (!(await isDebian())) return ''
    // Not there, or nothing known of the file: either way there is nothing to divert.
    const said = await run(program, args, { env: { ...process.env, LC_ALL: 'C' } }).catch(() => null)
    return said?.stdout ?? ''
  }
  return {
    async owner() {
      const database = join(root, 'var/lib/dpkg')
      const text = await answer('dpkg-query', '--admindir', database, '--search', inside)
      const lines = text.split('\n').filter((line) => line.endsWith(`: ${inside}`))
      return lines.find((line) => !/^(local )?diversion /.test(line))?.split(/[,:]/)[0] ?? null
    },
    async isOn() {
      return (await answer('dpkg-divert', '--root', root, '--truename', inside)).trim() === diverted
    },
    async turnOn() {
      await divert('--divert', diverted, '--add', inside)
    },
    async turnOff() {
      await divert('--divert', diverted, '--remove', inside)
    },
  }
}
