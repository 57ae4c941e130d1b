import { setPriority } from 'node:os'
import { startDaemon } from './daemon.ts'

/** Everything that the media server runs has the processor before it. */
const niceness = 10

/** The head's own agent, in a process of its own that ends with the head. Its folder holds all that it needs to come in. */
export function startResponder(folder: string, ffmpeg: string, json: boolean) {
  const words = json ? ['--json'] : []
  const { child, ended, stop } = startDaemon(
    ['node', ...words, '--ffmpeg', ffmpeg, '--map', '/=/', '--data', folder],
    {
      // What was meant for a node of somebody else on this machine.
      environment: { PACELINE_TOKEN: undefined },
      onLog: (line) => void process.stderr.write(`${line}\n`),
    },
  )
  if (child.pid !== undefined) setPriority(child.pid, niceness)
  return { pid: child.pid, ended, stop }
}
