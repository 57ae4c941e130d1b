import { parseRational, type Rational } from '../../src/media/rational.ts'
import { collect, type MediaInput, withPath } from './media-input.ts'

/** A sound packet as the container has it. */
export interface AudioPacket {
  /** Ticks of the time base. */
  readonly pts: number
  readonly duration: number
  /** Bytes. */
  readonly size: number
}

export interface AudioRead {
  readonly timeBase: Rational
  readonly packets: readonly AudioPacket[]
  readonly sampleRate: number
  readonly channels: number
  /** Decoded samples, interleaved, -1 to 1: all that the decoder gives, without filling gaps or dropping overlaps. */
  readonly samples: Float32Array
}

/** Packets and decoded samples of the first sound stream; several pieces are read as one file. */
export async function readAudio(input: MediaInput | readonly MediaInput[]): Promise<AudioRead> {
  return withPath(input, async (path) => {
    const entries = 'packet=pts,duration,size:stream=time_base,sample_rate,channels'
    const probe = ['-v', 'error', '-select_streams', 'a:0', '-show_entries', entries, '-of', 'json', path]
    const shown: Shown = JSON.parse((await collect('ffprobe', probe)).stdout.toString())
    const stream = shown.streams[0]
    if (stream === undefined) throw new Error(`${path} has no sound`)
    const decode = ['-v', 'error', '-nostdin', '-copyts', '-i', path, '-map', '0:a:0']
    const { stdout } = await collect('ffmpeg', [...decode, '-f', 'f32le', '-c:a', 'pcm_f32le', 'pipe:1'])
    return {
      timeBase: parseRational(stream.time_base) ?? { num: 1, den: 1 },
      packets: shown.packets.map(({ pts, duration, size }) => ({
        pts,
        duration: duration ?? 0,
        size: Number(size),
      })),
      sampleRate: Number(stream.sample_rate),
      channels: stream.channels,
      samples: new Float32Array(
        stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength),
      ),
    }
  })
}

interface Shown {
  readonly streams: readonly {
    readonly time_base: string
    readonly sample_rate: string
    readonly channels: number
  }[]
  readonly packets: readonly { readonly pts: number; readonly duration?: number; readonly size: string }[]
}
