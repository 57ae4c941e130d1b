import { useEffect, useRef, useState } from 'preact/hooks'

/** What is published so far, played here. The player is loaded only when somebody wants it. */
export function Preview({ address }: { readonly address: string | null }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <section class="section preview" aria-labelledby="preview-heading">
      <h2 id="preview-heading">Preview</h2>
      {address === null ? (
        <p class="quiet">There is nothing to play of this session.</p>
      ) : isOpen ? (
        <Player address={address} />
      ) : (
        <div>
          <button type="button" onClick={() => setOpen(true)}>
            Play what is made
          </button>
        </div>
      )}
    </section>
  )
}

function Player({ address }: { readonly address: string }) {
  const video = useRef<HTMLVideoElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    const open = async () => {
      const { openPlayer } = await import('./hls-player.ts')
      if (!abort.signal.aborted && video.current) openPlayer(video.current, address, setProblem, abort.signal)
    }
    void open()
    return () => abort.abort()
  }, [address])
  return (
    <>
      <video ref={video} controls muted playsInline aria-label="Preview of the session">
        <track kind="captions" />
      </video>
      {problem === null ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  )
}
