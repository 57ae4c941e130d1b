import type { FinishedSegment } from '../output.ts'

/** The end of what a session has published, kept only while somebody looks at it. */
export interface PreviewTail {
  /** A segment was published. */
  keep(made: Pick<FinishedSegment, 'segment' | 'bytes' | 'startSeconds' | 'endSeconds'>): void
  /**
   * Somebody looks: a live playlist (RFC 8216) of what is kept, as soon as there is a segment; null where none came in
   * time, or the session is over.
   */
  playlist(patienceMs: number): Promise<string | null>
  /** The bytes of one of them; undefined where it is gone. */
  segment(number: number): Buffer | undefined
  /** The session is over. */
  close(): void
}

/** A player asks for the playlist every few seconds; whoever has not for so long has gone. */
const lookingMs = 30_000

const mostSegments = 6
const mostBytes = 24 * 1024 * 1024

/** @param now monotonic or not, milliseconds */
export function createPreviewTail(now: () => number): PreviewTail {
  let kept: Parameters<PreviewTail['keep']>[0][] = []
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let isOver = false
  let waiting: (() => void)[] = []
  const wake = () => {
    for (const go of waiting) go()
    waiting = []
  }
  const bytesKept = () => kept.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return {
    keep(made) {
      if (now() - lookedAtMs > lookingMs) kept = []
      else kept.push(made)
      while (kept.length > mostSegments || (kept.length > 1 && bytesKept() > mostBytes)) kept.shift()
      wake()
    },
    async playlist(patienceMs) {
      lookedAtMs = now()
      if (kept.length === 0 && !isOver) await first(patienceMs, (go) => waiting.push(go))
      return kept.length === 0 ? null : playlistOf(kept)
    },
    segment: (number) => kept.find(({ segment }) => segment === number)?.bytes,
    close() {
      isOver = true
      kept = []
      wake()
    },
  }
}

/** Until it is called, or the patience is over. */
function first(patienceMs: number, register: (go: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs)
    register(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function playlistOf(kept: readonly Parameters<PreviewTail['keep']>[0][]): string {
  const secondsOf = ({ startSeconds, endSeconds }: (typeof kept)[number]) => endSeconds - startSeconds
  const longest = Math.max(...kept.map(secondsOf))
  return [
    ...['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${Math.ceil(longest)}`],
    `#EXT-X-MEDIA-SEQUENCE:${kept[0]?.segment ?? 0}`,
    ...kept.flatMap((made) => [`#EXTINF:${secondsOf(made).toFixed(3)},`, `${made.segment}.ts`]),
    '',
  ].join('\n')
}
