import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Film } from './film-server.ts'

export interface PlainFilm extends Film {
  remove(): Promise<void>
}

/** The same film as plain FFmpeg packs it, whole before anybody plays it: what the machine shows without stalls. */
export async function makePlainFilm(
  protocol: 'hls' | 'dash',
  path: string,
  segmentSeconds: number,
): Promise<PlainFilm> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-plain-film-'))
  const entry = protocol === 'hls' ? 'index.m3u8' : 'film.mpd'
  const coding = ['-c:v', 'libx264', '-crf', '21', '-preset', 'veryfast', '-c:a', 'aac', '-b:a', '119k']
  const keys = ['-force_key_frames', `expr:gte(t,n_forced*${segmentSeconds})`]
  const packing =
    protocol === 'hls'
      ? ['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_playlist_type', 'vod']
      : ['-f', 'dash', '-seg_duration', String(segmentSeconds)]
  const args = ['-v', 'error', '-nostdin', '-i', path, ...coding, ...keys, ...packing, entry]
  const child = spawn('ffmpeg', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const [exit] = await once(child, 'close')
  if (exit !== 0) throw new Error(`ffmpeg could not pack the film: exit ${exit}`)
  return {
    entry,
    read: (name) => readFile(join(folder, name)),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
