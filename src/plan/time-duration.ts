const unitSeconds: Readonly<Record<string, number>> = { '': 1, s: 1, ms: 1e-3, us: 1e-6 }

/**
 * A time as FFmpeg reads the value of `-ss` (https://ffmpeg.org/ffmpeg-utils.html, "Time duration"):
 * `[HH:]MM:SS[.m]` or `S[.m][s|ms|us]`. Seconds; null for anything else, negative times included.
 */
export function parseTimeDuration(text: string): number | null {
  const clock = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d*)?)$/.exec(text)
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3])
  const plain = /^(\d+(?:\.\d*)?|\.\d+)(s|ms|us)?$/.exec(text)
  return plain ? Number(plain[1]) * unitSeconds[plain[2] ?? '']! : null
}
