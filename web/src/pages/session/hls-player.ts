import Hls from 'hls.js'

/** The head keeps nothing before somebody looks, so that the first answer takes until the next segment is published. */
const timeouts = { maxTimeToFirstByteMs: 30_000, maxLoadTimeMs: 40_000 }
const again = { maxNumRetry: 4, retryDelayMs: 1_000, maxRetryDelayMs: 8_000 }
const patient = { default: { ...timeouts, timeoutRetry: again, errorRetry: again } }

/** Plays an HLS playlist until it is aborted; says so where that fails for good. */
export function openPlayer(
  video: HTMLVideoElement,
  address: string,
  onProblem: (words: string) => void,
  abort: AbortSignal,
): void {
  if (!Hls.isSupported()) {
    onProblem('This browser cannot play the preview.')
    return
  }
  // A worker out of a blob: address is what the page's policy forbids; on this thread it is quick enough.
  const player = new Hls({
    enableWorker: false,
    liveSyncDurationCount: 1,
    manifestLoadPolicy: patient,
    playlistLoadPolicy: patient,
  })
  player.on(Hls.Events.ERROR, (_event, { fatal, details }) => {
    if (fatal) onProblem(`The preview has stopped (${details}).`)
  })
  player.loadSource(address)
  player.attachMedia(video)
  abort.addEventListener('abort', () => player.destroy())
  video.play().catch((error: unknown) => {
    // A browser may want a click on the player first, which is there.
    if (!(error instanceof DOMException)) throw error
  })
}
