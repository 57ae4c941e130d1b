import { statSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, tellingLine } from './run-quietly.js'
import { SetupFailure } from './setup-failure.js'
import { sourceFilesBelow } from './source-files.js'
import { toolEnvironment } from './tool-environment.js'

/**
 * The shim is compiled, and no older than its sources.
 *
 * @param {string} root the project's folder
 * @returns {import('./run-steps.js').Step}
 */
export function shim(root) {
  const folder = join(root, 'native', 'shim')
  return {
    check() {
      const builtMs =
        statSync(join(folder, 'build', 'paceline-shim'), { throwIfNoEntry: false })?.mtimeMs ?? 0
      const newer = sourceFilesBelow(folder, isSource).filter(({ changedMs }) => changedMs > builtMs)
      return newer.length === 0 ? undefined : newer.map(({ path }) => path)
    },
    describe: () => 'the shim (make -C native/shim)',
    async act() {
      const { ok, output, log } = await runQuietly(
        root,
        'shim',
        ['make', '-C', 'native/shim'],
        toolEnvironment(),
      )
      if (!ok)
        throw new SetupFailure(
          `The shim in native/shim could not be compiled (${tellingLine(output)}): ${log} has all the compiler said.`,
        )
    },
  }
}

/** @param {string} path relative to the shim's folder */
function isSource(path) {
  return /^(?!build\/)(.*\.[ch]|Makefile)$/.test(path)
}
