import { output, pinned } from './programs.ts'

/**
 * Seconds of film a second that ffmpegs of one processor each make together when each encodes the whole clip for
 * itself, with the arguments that matter as `paceline transcode` gives them.
 */
export async function controlSpeed(clip: string, cores: readonly number[], height: number): Promise<number> {
  const film = await output([
    ...(['ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', clip] as const),
  ])
  const encode = [
    '-vf',
    `scale=-2:${height},format=yuv420p`,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '21',
  ]
  const command = [
    'ffmpeg',
    '-v',
    'error',
    '-nostdin',
    '-i',
    clip,
    ...encode,
    '-c:a',
    'aac',
    '-f',
    'null',
    '-',
  ]
  const started = performance.now()
  await Promise.all(cores.map((core) => output(pinned([core], command))))
  return (Number(film) * cores.length * 1000) / (performance.now() - started)
}
