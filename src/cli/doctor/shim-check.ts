import { access } from 'node:fs/promises'
import { type Check, ill, well } from './check.ts'
import { lastWords, runTool } from './run-tool.ts'

/**
 * Whether the shim is compiled and runs here: with a job that is none of the head's it has to become the original
 * transcoder, which is Node.js for once and says its version.
 */
export function shimCheck(path: string): Check {
  return {
    name: 'the shim',
    async look() {
      const isThere = await access(path).then(
        () => true,
        () => false,
      )
      if (!isThere) return ill(`${path} is not there`, 'Compile it: npm run shim (it needs gcc and make).')
      const run = await runTool(path, ['--version'], { PACELINE_ORIGINAL: process.execPath })
      if (run.code === 0 && run.stdout.trim() === process.version) return well(path)
      return ill(`${path} does not run: ${lastWords(run)}`, 'Compile it for this machine: npm run shim.')
    },
  }
}
