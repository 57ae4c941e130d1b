import { useEffect } from 'preact/hooks'
import { access, askAccess } from './api/access.ts'
import { CallFailure, signedOut } from './api/call.ts'
import { JoinPage } from './pages/join/join-page.tsx'
import { LoginPage } from './pages/login/login-page.tsx'
import { LostPage } from './pages/lost-page.tsx'
import { NodePage } from './pages/node/node-page.tsx'
import { NowPage } from './pages/now/now-page.tsx'
import { SessionPage } from './pages/session/session-page.tsx'
import { Bar } from './parts/bar.tsx'
import { lazyPage } from './parts/lazy-page.tsx'
import { LinkBanner } from './parts/link-banner.tsx'
import { followHead } from './state/current.ts'
import { route } from './state/route.ts'

/** Its plots are as large as everything else together. */
const EnergyPage = lazyPage(async () => (await import('./pages/energy/energy-page.tsx')).EnergyPage)

/** Everything: who is not signed in sees the way in, who is sees the page that the address names. */
export function App() {
  useAccess()
  const known = access.value
  if (known === null) return <Asking />
  return known.role === null ? <LoginPage /> : <SignedIn />
}

function SignedIn() {
  useEffect(() => {
    const abort = new AbortController()
    void followHead(abort.signal)
    return () => abort.abort()
  }, [])
  return (
    <>
      <button type="button" class="skip" onClick={skipToPage}>
        Skip to the page
      </button>
      <Bar />
      <LinkBanner />
      <main class="page" id="page">
        <Page />
      </main>
    </>
  )
}

function Page() {
  const shown = route.value
  if (shown.page === 'node') return <NodePage key={shown.id} name={shown.id} />
  if (shown.page === 'session') return <SessionPage key={shown.id} id={shown.id} />
  if (shown.page === 'energy') return <EnergyPage />
  if (shown.page === 'join') return <JoinPage />
  return shown.page === 'lost' ? <LostPage address={shown.address} /> : <NowPage />
}

/** By hand, since what stands behind `#` names pages here. */
function skipToPage(): void {
  document.querySelector<HTMLElement>('#page h1')?.focus()
}

function Asking() {
  return (
    <div class="first-paint">
      <img src="./mark.svg" alt="" width="28" height="28" />
      <p role="status">Asking the head …</p>
    </div>
  )
}

/** Between tries while the head does not say who is here. */
const tryAgainMs = 1_000

/** Asks who is here at first, and again whenever the head says that nobody is. */
function useAccess(): void {
  const times = signedOut.value
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const askNow = () =>
      askAccess().catch((error: unknown) => {
        if (!(error instanceof CallFailure)) throw error
        timer = setTimeout(askNow, tryAgainMs)
      })
    void askNow()
    return () => clearTimeout(timer)
  }, [times])
}
