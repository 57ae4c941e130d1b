export interface EncoderProgress {
  /** Pictures written so far; 0 for sound. */
  readonly frames: number
  /** Against real time; 0 while ffmpeg does not know. */
  readonly speed: number
}

/**
 * Reads what ffmpeg writes to `-progress`: blocks of `name=value` lines, each closed by a `progress` line.
 * Feed it text as it comes; the result is the last whole block's.
 */
export class ProgressReader {
  private rest = ''
  private block: { frames: number; speed: number } = { frames: 0, speed: 0 }
  private latest: EncoderProgress = { frames: 0, speed: 0 }

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
    if (name === 'progress') this.latest = { ...this.block }
  }
}
