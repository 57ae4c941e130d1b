import { type Check, ill, well } from './check.ts'
import { lastWords, runTool } from './run-tool.ts'

/** Whether children can be tied to their parent's life: busybox has a setpriv that cannot do it. */
export function setprivCheck(): Check {
  return {
    name: 'setpriv',
    async look() {
      const run = await runTool('setpriv', ['--pdeathsig', 'KILL', 'true'])
      if (run.code === 0) return well('ties ffmpeg and nats-server to the life of Paceline')
      return ill(
        run.problem === 'ENOENT' ? 'not found on the search path' : `cannot be used: ${lastWords(run)}`,
        'Install it: apt-get install util-linux. Without it an ffmpeg may outlive a node that is killed.',
      )
    },
  }
}
