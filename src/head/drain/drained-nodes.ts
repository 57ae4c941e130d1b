import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../../cluster/private-file.ts'

/**
 * Nodes that a person has drained, by the name under which that was done (one that joins anew under its name is still
 * meant): kept in the data folder, so that a head that starts again knows them.
 */
export interface DrainedNodes {
  has(name: string): boolean
  /** Resolves when it is written down. Rejects with what the disk says, and nothing has changed then. */
  set(name: string, drained: boolean): Promise<void>
}

const kept = z.strictObject({ version: z.literal(1), nodes: z.array(z.string()) })

/**
 * Opens `drained.json` in the data folder; none are drained without it. Throws what the file system says, and a
 * SyntaxError or ZodError when the file is damaged: nobody should find a node at work that was to be switched off.
 */
export async function openDrainedNodes(dataFolder: string): Promise<DrainedNodes> {
  const path = join(dataFolder, 'drained.json')
  const text = await readFileIfThere(path)
  let nodes = new Set(text === undefined ? [] : kept.parse(JSON.parse(text)).nodes)
  let last: Promise<unknown> = Promise.resolve()

  const change = async (name: string, drained: boolean): Promise<void> => {
    if (nodes.has(name) === drained) return
    const changed = new Set(nodes)
    if (drained) changed.add(name)
    else changed.delete(name)
    await writePrivateFile(path, `${JSON.stringify({ version: 1, nodes: [...changed] })}\n`)
    nodes = changed
  }
  return {
    has: (name) => nodes.has(name),
    set(name, drained) {
      // One after the other: each begins with what the one before has left.
      const done = last.then(
        () => change(name, drained),
        () => change(name, drained),
      )
      last = done
      return done
    },
  }
}
