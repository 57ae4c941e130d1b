import { wordTable } from '../command/word-table.ts'

/** Microseconds of a whole unit, and what is divided off the six digits behind the point (libavutil/parseutils.c). */
const units = wordTable<{ readonly whole: number; readonly fraction: number }>({
  '': { whole: 1_000_000, fraction: 1 },
  s: { whole: 1_000_000, fraction: 1 },
  ms: { whole: 1_000, fraction: 1_000 },
  us: { whole: 1, fraction: 1_000_000 },
})

/**
 * A time as FFmpeg reads the value of `-ss` (https://ffmpeg.org/ffmpeg-utils.html, "Time duration"):
 * `[HH:]MM:SS[.m]` with minutes and seconds up to 59, or `S[.m][s|ms|us]`; digits behind the sixth do not count.
 * Seconds; null for anything else, negative times included.
 */
export function parseTimeDuration(text: string): number | null {
  const clock = /^(?:(\d+):)?([0-5]?\d):([0-5]?\d)(?:\.(\d*))?$/.exec(text)
  if (clock) {
    const [, hours = '0', minutes, seconds, digits] = clock
    const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    return (whole * 1_000_000 + fractionOf(digits)) / 1_000_000
  }
  const plain = /^(\d+)(?:\.(\d*))?(s|ms|us)?$/.exec(text)
  if (!plain) return null
  const { whole, fraction } = units[plain[3] ?? '']!
  return (Number(plain[1]) * whole + Math.floor(fractionOf(plain[2]) / fraction)) / 1_000_000
}

function fractionOf(digits = ''): number {
  return Number(digits.slice(0, 6).padEnd(6, '0'))
}
