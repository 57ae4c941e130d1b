import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What proves a platform: one picture and a moment of sound, made and thrown away. */
const proofs = {
  software: ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
} as const

const source = 'color=size=64x64:rate=25:duration=0.04[out0];sine=duration=0.04[out1]'

/** The platforms that this `ffmpeg` has proved here and now, by doing each once. */
export async function provePlatforms(ffmpeg: string): Promise<readonly string[]> {
  const tried = Object.entries(proofs).map(async ([platform, encoders]) => {
    const args = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', source, ...encoders, '-f', 'null', '-']
    return (await succeeds(ffmpeg, args)) ? [platform] : []
  })
  return (await Promise.all(tried)).flat()
}

async function succeeds(ffmpeg: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(ffmpeg, args, { timeout: 20_000 })
    return true
  } catch {
    return false
  }
}
