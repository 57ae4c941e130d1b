import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
    check() {
      const before = readList(list)
      const now = inputs(root)
      const changed = [...now].filter(([path, state]) => before.get(path) !== state).map(([path]) => path)
      const gone = [...before.keys()].filter((path) => !now.has(path))
      return changed.length + gone.length === 0 ? undefined : [...changed, ...gone]
    },
    describe: () => 'the build (tsc to dist/)',
    async act() {
      const now = inputs(root)
      // The compiler does not take back what it made from a source that has gone since.
      if ([...readList(list).keys()].some((path) => !now.has(path))) rmSync(output, { recursive: true })
      await compile(root)
      writeFileSync(list, [...now].map(([path, state]) => `${path}\t${state}\n`).join(''))
    },
  }
}

/**
 * What the build depends on: size and time of change by path.
 *
 * @param {string} root
 */
function inputs(root) {
  const settings = sourceFiles(root, ['package-lock.json', 'tsconfig.build.json', 'tsconfig.json'])
  const isSource = (/** @type {string} */ path) => path.endsWith('.ts') && !path.endsWith('.test.ts')
  const sources = sourceFilesBelow(join(root, 'src'), isSource)
  return new Map(
    [...settings, ...sources].map(({ path, changedMs, bytes }) => [path, `${bytes} ${changedMs}`]),
  )
}

/**
 * @param {string} file
 * @returns {Map<string, string>}
 */
function readList(file) {
  if (!existsSync(file)) return new Map()
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return new Map(lines.map((line) => /** @type {[string, string]} */ (line.split('\t'))))
}

/** @param {string} root */
async function compile(root) {
  const command = [process.execPath, compiler, '-p', 'tsconfig.build.json']
  const { ok, output, log } = await runQuietly(root, 'build', command, toolEnvironment())
  if (!ok)
    throw new SetupFailure(`The build failed (${tellingLine(output)}): ${log} has all the compiler said.`)
}
