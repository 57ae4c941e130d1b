import { PacelineError } from '../../errors.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { probeMedia } from '../../media/probe.ts'
import { assumption } from '../../plan/assumed-media.ts'
import type { WantedInput } from '../../plan/inputs.ts'

/** What is in an input, or what it is taken to be. */
export interface Look {
  readonly info: MediaInfo
  /** What was taken for granted, for people; null where the file was really looked into. */
  readonly words: string | null
}

/** An input that is there and cannot be opened. */
export class UnopenedInput extends Error {
  readonly path: string

  constructor(path: string, cause: PacelineError) {
    super(path, { cause })
    this.path = path
  }
}

/**
 * Looks into an input. One that does not exist is taken to be as supposed: a command line may be looked at far from its
 * film. Throws UnopenedInput for what is there and what the server's own transcoder could not open either.
 */
export async function lookInto({ path, pieces, ...limits }: WantedInput, supposed: MediaInfo): Promise<Look> {
  if (pieces)
    return { info: supposed, words: `${path} is a list, whose film is taken to be ${thing(supposed)}` }
  try {
    return { info: await probeMedia(path, limits), words: null }
  } catch (error) {
    if (!(error instanceof PacelineError) || error.code === 'E_PROBE_TOOL') throw error
    if (error.code !== 'E_PROBE_MISSING') throw new UnopenedInput(path, error)
    return { info: supposed, words: `${path} is not there and is taken to be ${thing(supposed)}` }
  }
}

function thing({ streams }: MediaInfo): string {
  return streams.some(({ kind }) => kind === 'video') ? assumption : 'a file of subtitles'
}
