import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cells, encodeStrip, numberLimit, stripHeight } from './strip.ts'

/** What a clip shall be; everything has a default, so that a test names only what it is about. */
export interface ClipOptions {
  readonly codec?: 'h264' | 'hevc'
  readonly container?: 'mp4' | 'mkv' | 'ts'
  /** `variable`: thirtieths of a second that jitter, with a gap of 0.4 s after every 50 frames. */
  readonly rate?: '24000/1001' | '25' | '30000/1001' | '30' | 'variable'
  readonly seconds?: number
  readonly size?: `${number}x${number}`
  /** Key frames that B-frames reach across: leading frames after them in decoding order. */
  readonly openGop?: boolean
  /** Frames from key frame to key frame. */
  readonly gop?: number
  readonly bFrames?: number
  readonly audio?: 'none' | 'aac-48000' | 'aac-44100' | 'ac3'
  /** Added to every timestamp; MPEG-TS adds its own 1.4 s as well. */
  readonly startSeconds?: number
  /** Ten bits in PQ and BT.2020 that says how bright it gets; of hevc alone. */
  readonly hdr10?: true
}

/** Raise it when a change below makes other files of the same options. */
const recipe = 3

/**
 * A clip whose frames carry their number (from 0, in showing order) as a strip of cells; see readFrames. Returns the
 * path. Clips are kept in the system's temporary folder by a digest of their options: do not write to them.
 */
export async function makeClip(options: ClipOptions = {}): Promise<string> {
  const clip = complete(options)
  const digest = createHash('sha256')
    .update(JSON.stringify([recipe, clip]))
    .digest('hex')
    .slice(0, 16)
  const folder = join(tmpdir(), `paceline-clips-${userInfo().uid}`)
  const path = join(folder, `${clip.codec}-${clip.rate.replace('/', '_')}-${digest}.${clip.container}`)
  if (await exists(path)) return path
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Made aside and renamed, so that suites that run at once see whole clips only.
  const aside = await mkdtemp(join(folder, 'making-'))
  try {
    const made = join(aside, `clip.${clip.container}`)
    await encode(clip, made)
    await rename(made, path)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return path
}

/** Frames that a clip of these options has. */
export function clipFrames(options: ClipOptions = {}): number {
  const { rate, seconds } = complete(options)
  if (rate !== 'variable') return Math.ceil(seconds * perSecond(rate) - 1e-9)
  let frames = 0
  while (variableTicks(frames) < seconds * 90_000) frames += 1
  return frames
}

/** Time of a frame of a variable clip, ticks of 1/90000 s from the clip's start; the expression below says the same. */
export function variableTicks(frame: number): number {
  return 3_000 * frame + 90 * ((frame * frame * 3) % 23) + 36_000 * Math.floor(frame / 50)
}
const variableExpression = '3000*N+90*mod(3*N*N\\,23)+36000*floor(N/50)'

type Clip = Required<Omit<ClipOptions, 'hdr10'>> & Pick<ClipOptions, 'hdr10'>

function complete(options: ClipOptions): Clip {
  return {
    codec: 'h264',
    container: 'mp4',
    rate: '25',
    seconds: 10,
    size: '320x180',
    openGop: false,
    gop: 48,
    bFrames: 2,
    audio: 'none',
    startSeconds: 0,
    ...options,
  }
}

function perSecond(rate: Exclude<Clip['rate'], 'variable'>): number {
  const [num, den] = rate.split('/').map(Number)
  return num! / (den ?? 1)
}

async function encode(clip: Clip, path: string): Promise<void> {
  const frames = clipFrames(clip)
  if (frames > numberLimit) throw new RangeError(`a clip has at most ${numberLimit} frames, not ${frames}`)
  const child = spawn('ffmpeg', encodeArguments(clip, path), { stdio: ['pipe', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exit = once(child, 'close')
  const [fed, [code]] = await Promise.all([
    pipeline(Readable.from(strips(frames)), child.stdin).catch(String),
    exit,
  ])
  if (code !== 0) throw new Error(`ffmpeg could not make a clip (exit ${code}, ${fed ?? 'fed'}): ${stderr}`)
}

/** All strips, some hundred to a write. */
function* strips(frames: number): Generator<Buffer> {
  const batch = 512
  for (let from = 0; from < frames; from += batch) {
    const count = Math.min(batch, frames - from)
    yield Buffer.concat(Array.from({ length: count }, (_, index) => encodeStrip(from + index)))
  }
}

function encodeArguments(clip: Clip, path: string): string[] {
  const [width, height] = clip.size.split('x').map(Number)
  const rate = clip.rate === 'variable' ? '30' : clip.rate
  const graph = [
    `[0:v]scale=${width}:floor(${height}*${stripHeight}/2+0.5)*2:flags=neighbor,format=yuv420p[strip]`,
    // Moving stripes rather than noise: cheap to draw and to encode, and no two frames alike.
    `testsrc2=size=${clip.size}:rate=${rate},format=yuv420p${clip.hdr10 ? moderate : ''}[picture]`,
    `[picture][strip]overlay=0:0:shortest=1${clip.rate === 'variable' ? `,settb=1/90000,setpts=${variableExpression}` : ''}[out]`,
  ]
  return [
    ...['-v', 'error', '-y', '-nostdin'],
    ...[
      '-f',
      'rawvideo',
      '-pixel_format',
      'gray',
      '-video_size',
      `${cells}x1`,
      '-framerate',
      rate,
      '-i',
      'pipe:0',
    ],
    ...soundInput(clip),
    ...['-filter_complex', graph.join(';'), '-map', '[out]'],
    ...(clip.rate === 'variable' ? ['-enc_time_base', '1:90000', '-video_track_timescale', '90000'] : []),
    ...['-fps_mode', 'passthrough'],
    ...pictureEncoder(clip),
    ...soundEncoder(clip),
    ...(clip.startSeconds === 0 ? [] : ['-output_ts_offset', String(clip.startSeconds)]),
    path,
  ]
}

/** A display of a thousand nits that shows DCI-P3, and a film that is as bright (CTA-861.3). */
const mastering = [
  ...['hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'],
  ...['master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)'],
  'max-cll=1000,400',
].join(':')

/** What is white would have ten thousand nits, what is coloured would lie outside every screen's gamut. */
const moderate = ',lutyuv=y=16+(val-16)*0.7:u=128+(val-128)/3:v=128+(val-128)/3'

function pictureEncoder({ codec, container, gop, bFrames, openGop, hdr10 }: Clip): string[] {
  const structure = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=${bFrames}:b-adapt=0:open-gop=${openGop ? 1 : 0}`
  if (codec === 'h264') {
    return [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-crf',
      '23',
      '-threads',
      '2',
      '-x264-params',
      structure,
    ]
  }
  const encoder = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '23']
  const named = container === 'mp4' ? ['-tag:v', 'hvc1'] : []
  const depth = hdr10 ? ['-pix_fmt', 'yuv420p10le'] : []
  // Large ones take every core that there is.
  const parameters = hdr10
    ? `log-level=error:${structure}:${mastering}`
    : `log-level=error:pools=2:${structure}`
  return [...encoder, ...depth, '-x265-params', parameters, ...named]
}

/** A tone that glides up and down for ever, another one on the right: any cut, gap or shift is plain in it. */
function soundInput({ audio, seconds }: Clip): string[] {
  if (audio === 'none') return []
  const rate = audio === 'aac-44100' ? 44_100 : 48_000
  const tone = (hertz: number) => `0.4*sin(2*PI*${hertz}*t+300*sin(2*PI*0.25*t))`
  const source = `aevalsrc=${tone(440)}|${tone(660)}:s=${rate}:c=stereo:d=${seconds}`
  return ['-f', 'lavfi', '-i', source]
}

function soundEncoder({ audio }: Clip): string[] {
  if (audio === 'none') return ['-an']
  return ['-map', '1:a', '-c:a', audio === 'ac3' ? 'ac3' : 'aac', '-b:a', '160k']
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
