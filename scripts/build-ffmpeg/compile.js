import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'
import { findTool, toolEnvironment } from '../setup/tool-environment.js'

/**
 * Kernels are compiled for the oldest architecture that has the loads our filter uses (Maxwell; a Jetson Nano is 5.3),
 * which drivers translate to all newer ones. A toolkit that happens to be installed would make clang write a newer PTX
 * than the drivers of JetPack 4 and 5 can read.
 */
export const kernelArguments = [
  '--nvcc=clang-16',
  '--nvccflags=--cuda-gpu-arch=sm_50 -O2 --cuda-path=/nonexistent',
]

/**
 * Configures a source of FFmpeg where that has not been done in this way, and compiles ffmpeg and ffprobe.
 *
 * @param {string} root the project's folder
 * @param {string} tree the source
 * @param {object} how
 * @param {string} how.name for the logs
 * @param {string} how.compiler
 * @param {readonly string[]} how.configure arguments
 * @param {NodeJS.ProcessEnv} [how.environment] besides our own
 */
export async function compile(root, tree, { name, compiler, configure, environment = {} }) {
  const cached = findTool('ccache') === undefined ? compiler : `ccache ${compiler}`
  const args = [...configure, ...kernelArguments, `--cc=${cached}`]
  const env = {
    ...toolEnvironment(),
    CCACHE_DIR: join(root, '.cache', 'ccache'),
    CCACHE_BASEDIR: tree,
    ...environment,
  }
  await configureOnce(root, tree, `${name}-configure`, args, env)

  const jobs = String(availableParallelism())
  const command = ['nice', '-n', '10', 'make', '-C', tree, `-j${jobs}`, 'ffmpeg', 'ffprobe']
  const { ok, output, log } = await runQuietly(root, `${name}-make`, command, env)
  if (!ok)
    throw new SetupFailure(`FFmpeg could not be compiled (${tellingLine(output)}): ${log} has all of it.`)
}

/**
 * @param {string} root
 * @param {string} tree
 * @param {string} name
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function configureOnce(root, tree, name, args, env) {
  const stamp = join(tree, '.paceline', 'configured')
  const digest = createHash('sha256').update(args.join('\n'))
  for (const file of ['configure', 'libavfilter/allfilters.c']) digest.update(readFileSync(join(tree, file)))
  const key = digest.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return

  // Some forks' configure says sh and means bash.
  const command = ['nice', '-n', '10', 'env', '-C', tree, 'bash', './configure', ...args]
  const { ok, output, log } = await runQuietly(root, name, command, env)
  if (!ok)
    throw new SetupFailure(
      `FFmpeg's configure refused (${tellingLine(output)}): ${log} has what it said, ${join(tree, 'ffbuild', 'config.log')} what it tried.`,
    )
  writeFileSync(stamp, key)
}
