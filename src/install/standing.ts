import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { besideSuffix, leftoversIn, type Place } from './place.ts'
import { haveSameBytes } from './same-bytes.ts'
import { lookAtFile, type TranscoderFile } from './transcoder-file.ts'

/**
 * How a transcoder's folder stands:
 * - `absent`: as the server made it;
 * - `installed`: the shim is in place, the original beside it;
 * - `replaced`: it was, and an update of the server has put its own back;
 * - `interrupted`: half-way there or back, and the server's own is in place;
 * - `displaced`: nothing in place, and the original kept beside it;
 * - `original-gone`: the shim is in place, and no original;
 * - `foreign`: another tool has changed it;
 * - `no-transcoder`: there is none.
 */
export type State =
  | 'absent'
  | 'installed'
  | 'replaced'
  | 'interrupted'
  | 'displaced'
  | 'original-gone'
  | 'foreign'
  | 'no-transcoder'

export interface Standing {
  readonly state: State
  readonly transcoder: TranscoderFile
  readonly original: TranscoderFile
  /** What the shim is told of the head, null where that file is not there. */
  readonly address: string | null
  readonly leftovers: readonly string[]
  /** Why another tool's hand is seen; null but for `foreign`. */
  readonly foreign: string | null
}

/** Looks at a transcoder's folder; changes nothing. Rejects with what the system says. */
export async function lookAtPlace(place: Place): Promise<Standing> {
  const transcoder = await lookAtFile(place.transcoder)
  const original = await lookAtFile(place.original)
  const address = await readFile(place.head, 'utf8').catch(absentFile)
  const leftovers = await leftoversIn(place).catch(() => [])
  const seen = { transcoder, original, address, leftovers, foreign: null }
  const isTraced = address !== null || leftovers.length > 0
  if (transcoder.kind === 'shim') return { ...seen, state: isKept(original) ? 'installed' : 'original-gone' }
  if (!isKept(transcoder)) return { ...seen, state: isKept(original) ? 'displaced' : 'no-transcoder' }
  const foreign = transcoder.kind === 'script' ? await otherTool(place, original) : null
  if (foreign !== null) return { ...seen, state: 'foreign', foreign }
  if (!isKept(original)) {
    return { ...seen, state: isTraced || original.kind === 'shim' ? 'interrupted' : 'absent' }
  }
  if (await haveSameBytes(place.transcoder, place.original)) return { ...seen, state: 'interrupted' }
  if (address !== null) return { ...seen, state: 'replaced' }
  return { ...seen, state: 'foreign', foreign: `${basename(place.original)} is there and not Paceline's` }
}

/** Something that a server's transcoder can be. */
const isKept = ({ kind }: TranscoderFile): boolean => kind === 'program' || kind === 'script'

/** Tools that put a script in the place of the transcoder (reference: their installers, as published). */
const otherTools =
  /clusterplex|scaleplex|plexbeam|rffmpeg|ffmpeg-over-ip|kube-plex|unicorn|\bprt\b|transcoder\.js/i

/**
 * Plex's transcoder is a program. A script that keeps another transcoder beside it, or names a tool that works so, is
 * that tool's; one of the house's own is kept as what it is.
 */
async function otherTool(place: Place, original: TranscoderFile): Promise<string | null> {
  // No update makes a script of a program.
  if (original.kind === 'program') return 'a script has come in the place of a program'
  const own = basename(place.transcoder)
  const ours = [place.transcoder, place.original, place.head]
  const others = (await readdir(place.folder))
    .filter((name) => /transcoder/i.test(name) && !name.startsWith(`${own}${besideSuffix}`))
    .filter((name) => !ours.includes(join(place.folder, name)))
  if (others.length > 0) return `it is a script, and ${others.join(', ')} lies beside it`
  const words = otherTools.exec(await readFile(place.transcoder, 'utf8'))
  return words && `it is a script that names ${words[0]}`
}

function absentFile(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
