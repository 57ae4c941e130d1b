import { collect, type MediaInput, withPath } from './media-input.ts'

/** Mean luma (0 to 255) of each picture, where the subtitles of make-subtitles.ts are. */
export async function lumaOfWords(pieces: readonly MediaInput[]): Promise<number[]> {
  return withPath(pieces, async (path) => {
    const graph = 'scale=320:180,crop=160:20:80:130,scale=1:1:flags=area,format=gray'
    const output = ['-map', '0:v', '-vf', graph, '-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1']
    const { stdout } = await collect('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, ...output])
    return [...stdout]
  })
}

/** Pictures at which something comes or goes. */
export function changes(drawn: readonly boolean[]): number[] {
  return drawn.flatMap((is, frame) => (is === (drawn[frame - 1] ?? false) ? [] : [frame]))
}
