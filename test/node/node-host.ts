import { runNode } from '../../src/node/main.ts'

/** A whole node in a process of its own, as the command line runs it: the token is its argument. */
const [token = '', ffmpeg = 'ffmpeg'] = process.argv.slice(2)
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
try {
  await runNode({ token, name: 'renamed', ffmpeg, json: true, signal: stop.signal })
} catch (error) {
  process.stderr.write(`${JSON.stringify({ message: String(error) })}\n`)
  process.exitCode = 3
}
