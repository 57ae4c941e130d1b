import { fileURLToPath } from 'node:url'
import { build } from './build.js'
import { dashboard } from './dashboard.js'
import { debianPackages } from './debian-packages.js'
import { explainFailure } from './explain-failure.js'
import { nodeVersion } from './node-version.js'
import { npmDependencies } from './npm-dependencies.js'
import { runSteps } from './run-steps.js'
import { shim } from './shim.js'

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/**
 * Everything between a clean clone and a program that runs. Ends the process with one sentence when that cannot be.
 * What may need the person at the keyboard comes first, so that nobody waits for a download only to be told to install
 * something.
 */
export async function setUp() {
  const machine = [nodeVersion(), debianPackages(root), npmDependencies(root)]
  // Bundled after the compiler, which may empty the folder that both write to.
  const steps = [...machine, shim(root), build(root), dashboard(root)]
  try {
    await runSteps(steps, process.stderr)
  } catch (error) {
    const sentence = explainFailure(error, root)
    if (sentence === undefined) throw error
    console.error(sentence)
    process.exit(1)
  }
}
