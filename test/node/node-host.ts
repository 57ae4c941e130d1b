import { runNode } from '../../src/node/main.ts'

/** A whole node in a process of its own, as the command line runs it: its folder is its argument. */
const [folder = '', ffmpeg = 'ffmpeg'] = process.argv.slice(2)
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
try {
  await runNode({ folder, ffmpeg, json: true, signal: stop.signal })
} catch (error) {
  process.stderr.write(`${JSON.stringify({ message: String(error) })}\n`)
  process.exitCode = 3
}
