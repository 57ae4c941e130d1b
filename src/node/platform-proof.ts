import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const encoders = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']

/** What proves a platform: one picture and a moment of sound, made and thrown away. */
const proofs = {
  'paceline-tone-map': [
    '-vf',
    'setparams=color_trc=smpte2084,format=yuv420p10le,tonemap_paceline=tonemap=bt2390:peak=1000',
    ...encoders,
  ],
  software: encoders,
} as const

const source = 'color=size=64x64:rate=25:duration=0.04[out0];sine=duration=0.04[out1]'

/** The platforms that this `ffmpeg` has proved here and now, by doing each once. */
export async function provePlatforms(ffmpeg: string): Promise<readonly string[]> {
  const tried = Object.entries(proofs).map(async ([platform, how]) => {
    const args = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', source, ...how, '-f', 'mpegts', '-']
    return (await makesFilm(ffmpeg, args)) ? [platform] : []
  })
  return (await Promise.all(tried)).flat()
}

/** Each packet of a transport stream begins so. A program that is no ffmpeg may well succeed. */
const packetStart = 0x47

async function makesFilm(ffmpeg: string, args: readonly string[]): Promise<boolean> {
  try {
    const { stdout } = await run(ffmpeg, args, { timeout: 20_000, encoding: 'buffer' })
    return stdout[0] === packetStart
  } catch {
    return false
  }
}
