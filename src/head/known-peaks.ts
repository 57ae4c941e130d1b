import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../cluster/private-file.ts'

/** How bright films get, by what tells one film from another (path, size, time): kept in the data folder. */
export interface KnownPeaks {
  /** Nits; null for a film that is not known. */
  of(identity: string): number | null
  /** Resolves when it is written down. Rejects with what the disk says; it is known all the same. */
  learn(identity: string, nits: number): Promise<void>
}

const kept = z.strictObject({
  version: z.literal(1),
  films: z.array(z.tuple([z.string(), z.number().min(100).max(10_000)])),
})

/** The films that were learnt of last. */
const rememberedFilms = 2_000

/**
 * Opens `film-light.json` in the data folder. Throws what the file system says; a file that is damaged is as good as none,
 * since all that is in it can be found out again.
 */
export async function openKnownPeaks(dataFolder: string): Promise<KnownPeaks> {
  const path = join(dataFolder, 'film-light.json')
  const films = new Map(readFilms(await readFileIfThere(path)))
  let last: Promise<unknown> = Promise.resolve()
  return {
    of: (identity) => films.get(identity) ?? null,
    learn(identity, nits) {
      films.delete(identity)
      films.set(identity, nits)
      for (const oldest of [...films.keys()].slice(0, -rememberedFilms)) films.delete(oldest)
      const write = () => writePrivateFile(path, `${JSON.stringify({ version: 1, films: [...films] })}\n`)
      const done = last.then(write, write)
      last = done.catch(() => undefined)
      return done
    },
  }
}

function readFilms(text: string | undefined): z.infer<typeof kept>['films'] {
  try {
    return kept.parse(JSON.parse(text ?? 'null')).films
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return []
    throw error
  }
}
