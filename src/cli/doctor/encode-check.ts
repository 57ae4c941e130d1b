import { type Check, type Finding, ill, well } from './check.ts'
import { lastWords, runTool } from './run-tool.ts'

const seconds = 2
const framesPerSecond = 30

const args = [
  ...['-hide_banner', '-nostdin', '-v', 'error', '-f', 'lavfi'],
  ...['-i', `testsrc2=size=1280x720:rate=${framesPerSecond}:duration=${seconds}`],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-f', 'null', '-'],
]

/** How fast this machine makes 720p in software, starting ffmpeg included: what a node on it could give. */
export function encodeCheck(program: string): Check {
  return {
    name: 'a test encode',
    async look() {
      const startedMs = performance.now()
      const run = await runTool(program, args)
      const elapsedSeconds = (performance.now() - startedMs) / 1000
      if (run.code === 0) return judgeSpeed(elapsedSeconds)
      return ill(`it failed: ${lastWords(run)}`, "Use Debian's ffmpeg: apt-get install ffmpeg.")
    },
  }
}

/** A slow machine is no fault: several share a stream. */
export function judgeSpeed(elapsedSeconds: number): Finding {
  const fps = (seconds * framesPerSecond) / elapsedSeconds
  const speed = fps / framesPerSecond
  const note = speed < 1 ? '; several such nodes have to share a stream' : ''
  return well(
    `${seconds} s of 720p in ${elapsedSeconds.toFixed(2)} s: ${fps.toFixed(0)} frames a second, ${speed.toFixed(1)}x real time${note}`,
  )
}
