import type { Installation } from './installations.ts'
import { readInstallations } from './installations.ts'
import { placeIn } from './place.ts'
import { lookAtPlace, type State } from './standing.ts'

/** How an installation is doing; `paceline status` and `doctor` show it. */
export interface InstallationView {
  readonly server: 'plex'
  readonly transcoder: string
  readonly socket: string
  readonly state: State
  readonly ok: boolean
  /** A sentence. */
  readonly found: string
  /** Null when all is well. */
  readonly remedy: string | null
}

/** Looks at all installations that a data folder knows of. Rejects with what the system says of the data folder. */
export async function lookAtInstallations(dataFolder: string): Promise<readonly InstallationView[]> {
  return Promise.all((await readInstallations(dataFolder)).map(view))
}

async function view({ server, folder, socket, wanted }: Installation): Promise<InstallationView> {
  const place = placeIn(folder)
  const { transcoder } = place
  const seen = { server, transcoder, socket }
  try {
    const { state, address } = await lookAtPlace(place)
    const words = wanted === 'gone' ? leaving : byState[state]
    if (state === 'installed' && wanted === 'installed' && address !== `unix:${socket}\n`) {
      return { ...seen, state, ok: false, found: 'The shim asks another head.', remedy: again }
    }
    return { ...seen, state, ok: words.remedy === null, ...words }
  } catch (error) {
    const found = `It cannot be looked at: ${(error as Error).message}`
    return { ...seen, state: 'no-transcoder', ok: false, found, remedy: 'Run this as root.' }
  }
}

const again = 'Put the shim back: paceline install plex (paceline up --watch does so by itself).'

const leaving = {
  found: 'It was being uninstalled, and that was interrupted.',
  remedy: 'Finish it: paceline uninstall plex.',
}

const byState: Readonly<Record<State, { readonly found: string; readonly remedy: string | null }>> = {
  installed: { found: 'The shim is in place.', remedy: null },
  replaced: { found: 'An update of the media server has replaced the shim.', remedy: again },
  absent: { found: 'The media server has been installed anew, without the shim.', remedy: again },
  interrupted: { found: 'Installing was interrupted; the original is in place.', remedy: again },
  displaced: { found: 'The transcoder is missing; its original is still kept.', remedy: again },
  'original-gone': {
    found: 'The shim is in place, and the original transcoder is gone.',
    remedy: "Install the media server's package again, then: paceline install plex.",
  },
  foreign: {
    found: 'Another tool has taken the place of the shim.',
    remedy: 'Remove that tool first, then: paceline install plex.',
  },
  'no-transcoder': {
    found: 'There is no transcoder any more.',
    remedy: 'If it was a container, start it and install again; else: paceline uninstall plex.',
  },
}
