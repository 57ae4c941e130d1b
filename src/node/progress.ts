export interface EncoderProgress {
  /** Pictures written so far; 0 for sound. */
  readonly frames: number
  /** Against real time; 0 while ffmpeg does not know. */
  readonly speed: number
}

const reachedBy: ReadonlySet<string> = new Set(['frame', 'out_time_us', 'total_size'])

/**
 * Reads what ffmpeg writes to `-progress`: blocks of `name=value` lines, each closed by a `progress` line.
 * Feed it text as it comes; the result is the last whole block's.
 */
export class ProgressReader {
  private rest = ''
  private block: { frames: number; speed: number } = { frames: 0, speed: 0 }
  private latest: EncoderProgress = { frames: 0, speed: 0 }
  /** What the block says of how far ffmpeg has come, and what the one before said. */
  private reached = ''
  private reachedBefore = ''
  /** Blocks that told of something new: ffmpeg 7 reports on time even when it makes nothing. */
  steps = 0

  get progress(): EncoderProgress {
    return this.latest
  }

  feed(text: string): void {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  private line(line: string): void {
    const equals = line.indexOf('=')
    const name = line.slice(0, equals)
    const value = Number.parseFloat(line.slice(equals + 1))
    if (name === 'frame' && value >= 0) this.block.frames = value
    if (name === 'speed') this.block.speed = Number.isFinite(value) ? value : 0
    if (reachedBy.has(name)) this.reached += line
    if (name === 'progress') this.closeBlock()
  }

  private closeBlock(): void {
    this.latest = { ...this.block }
    if (this.reached !== this.reachedBefore) this.steps += 1
    this.reachedBefore = this.reached
    this.reached = ''
  }
}
