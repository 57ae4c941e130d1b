import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The files of a transcoder and what Paceline puts beside it. */
export interface Place {
  readonly folder: string
  /** Where the media server starts its transcoder. */
  readonly transcoder: string
  /** Where the server's own one is kept. */
  readonly original: string
  /** Where the shim reads which head to ask. */
  readonly head: string
}

/** The name that Plex Media Server starts. */
export const plexTranscoderName = 'Plex Transcoder'

/** The place of a transcoder of this name in a folder; nothing is looked at. */
export function placeIn(folder: string, name: string = plexTranscoderName): Place {
  const transcoder = join(folder, name)
  return { folder, transcoder, original: `${transcoder}.orig`, head: `${transcoder}.head` }
}

/** What is written beside a file before it is renamed to it; one that was interrupted leaves it behind. */
export const besideSuffix = '.paceline-'

/** Left-overs of interrupted runs: nobody but Paceline makes files of such names. Rejects with what the system says. */
export async function leftoversIn({ folder, transcoder }: Place): Promise<string[]> {
  const names = await readdir(folder)
  const own = names.map((name) => join(folder, name)).filter((path) => path.startsWith(transcoder))
  return own.filter((path) => /^(\.orig|\.head)?\.paceline-[0-9a-f]{12}$/.test(path.slice(transcoder.length)))
}
