import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { changedInputs, inputsOf, readBuiltFrom, writeBuiltFrom } from './built-from.js'
import { runQuietly, tellingLine } from './run-quietly.js'
import { SetupFailure } from './setup-failure.js'
import { sourceFiles, sourceFilesBelow } from './source-files.js'
import { toolEnvironment } from './tool-environment.js'

const bundler = 'node_modules/vite/bin/vite.js'

/**
 * dist/web/ is what web/ is bundled to, with the list of what it was made from. Of src/ the dashboard knows
 * the contract of the API alone.
 *
 * @param {string} root the project's folder
 * @returns {import('./run-steps.js').Step}
 */
export function dashboard(root) {
  const list = join(root, 'dist', '.dashboard-built-from')
  return {
    check: () => changedInputs(readBuiltFrom(list), inputs(root)),
    describe: () => 'the dashboard (vite to dist/web/)',
    async act() {
      const now = inputs(root)
      const command = [process.execPath, bundler, 'build', 'web', '--logLevel', 'warn']
      const { ok, output, log } = await runQuietly(root, 'dashboard', command, toolEnvironment())
      if (!ok)
        throw new SetupFailure(
          `The dashboard could not be bundled (${tellingLine(output)}): ${log} has all vite said.`,
        )
      writeBuiltFrom(list, now)
    },
  }
}

/** @param {string} root */
function inputs(root) {
  const contract = join(root, 'src', 'head', 'api', 'contract')
  const isSource = (/** @type {string} */ path) => !/\.test\.tsx?$/.test(path)
  return inputsOf([
    ...sourceFiles(root, ['package-lock.json']),
    ...sourceFilesBelow(join(root, 'web'), isSource),
    ...(existsSync(contract) ? sourceFilesBelow(contract, isSource) : []),
  ])
}
