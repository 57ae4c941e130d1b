import { appendFile, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const observed = z.object({
  /** Time of the head's clock, ISO 8601. */
  at: z.string(),
  /** For people: the film's file name. */
  title: z.string(),
  decision: z.enum(['node', 'local', 'unknown']),
  /** Why it would stay local, or why that is unknown; null for a job of the nodes. */
  reason: z.string().nullable(),
  nodes: z.array(z.string()),
  speed: z.number().nullable(),
  basis: z.enum(['measured', 'modelled']).nullable(),
  /** While they work on it, all nodes together; null where no node has told its own. */
  watts: z.number().nullable(),
})

/** What the head would have done with a job. */
export type ObservedJob = z.infer<typeof observed>

/** What was observed, on disk: the newest are kept. */
export interface ObservedLog {
  add(job: ObservedJob): Promise<void>
  /** The last so many, newest last. A line that is not whole (the power went) is left out. */
  last(count: number): Promise<readonly ObservedJob[]>
}

/** A file of this size is put aside, in the place of the one before: twice as much is on the disk at most. */
const mostBytes = 512 * 1024

/** A log in two files of the data folder; writes follow one another. Calls reject with what the file system says. */
export function openObservedLog(dataFolder: string, fileBytes: number = mostBytes): ObservedLog {
  const path = join(dataFolder, 'observed.jsonl')
  const older = join(dataFolder, 'observed-before.jsonl')
  let written: Promise<void> = Promise.resolve()

  const write = async (job: ObservedJob): Promise<void> => {
    const size = await stat(path).then(
      (about) => about.size,
      () => 0,
    )
    if (size >= fileBytes) await rename(path, older)
    await appendFile(path, `${JSON.stringify(job)}\n`, { mode: 0o600 })
  }
  return {
    add(job) {
      const done = written.then(() => write(job))
      written = done.catch(() => undefined)
      return done
    },
    async last(count) {
      await written
      const texts = await Promise.all([older, path].map((file) => readFile(file, 'utf8').catch(noText)))
      return texts
        .join('')
        .split('\n')
        .flatMap((line) => readLine(line) ?? [])
        .slice(-count)
    },
  }
}

function readLine(line: string): ObservedJob | null {
  try {
    const read = observed.safeParse(JSON.parse(line))
    return read.success ? read.data : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function noText(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
