import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { changedInputs, inputsOf, readBuiltFrom, writeBuiltFrom } from './built-from.js'
import { runQuietly, tellingLine } from './run-quietly.js'
import { SetupFailure } from './setup-failure.js'
import { sourceFiles, sourceFilesBelow } from './source-files.js'
import { toolEnvironment } from './tool-environment.js'

const compiler = 'node_modules/typescript/bin/tsc'

/**
 * dist/ is what src/ compiles to. The last build leaves a list of what it was made from beside its output.
 *
 * @param {string} root the project's folder
 * @returns {import('./run-steps.js').Step}
 */
export function build(root) {
  const output = join(root, 'dist')
  const list = join(output, '.built-from')
  return {
    check: () => changedInputs(readBuiltFrom(list), inputs(root)),
    describe: () => 'the build (tsc to dist/)',
    async act() {
      const now = inputs(root)
      // The compiler does not take back what it made from a source that has gone since.
      if ([...readBuiltFrom(list).keys()].some((path) => !now.has(path))) rmSync(output, { recursive: true })
      await compile(root)
      writeBuiltFrom(list, now)
    },
  }
}

/** @param {string} root */
function inputs(root) {
  const settings = sourceFiles(root, ['package-lock.json', 'tsconfig.build.json', 'tsconfig.json'])
  const isSource = (/** @type {string} */ path) => path.endsWith('.ts') && !path.endsWith('.test.ts')
  return inputsOf([...settings, ...sourceFilesBelow(join(root, 'src'), isSource)])
}

/** @param {string} root */
async function compile(root) {
  const command = [process.execPath, compiler, '-p', 'tsconfig.build.json']
  const { ok, output, log } = await runQuietly(root, 'build', command, toolEnvironment())
  if (!ok)
    throw new SetupFailure(`The build failed (${tellingLine(output)}): ${log} has all the compiler said.`)
}
