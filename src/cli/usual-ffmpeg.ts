import { accessSync, constants } from 'node:fs'

/** Where `npm run build:ffmpeg` and its Debian package put an ffmpeg with the tone mapping filters. */
const ours = '/opt/paceline/bin/ffmpeg'

/** What nodes run unless told otherwise: the ffmpeg with Paceline's filters where it is installed, else the system's own. */
export function usualFfmpeg(program = ours): string {
  try {
    accessSync(program, constants.X_OK)
    return program
  } catch {
    return 'ffmpeg'
  }
}
