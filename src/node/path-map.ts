import { fileEdges } from '../cluster/file-edges.ts'
import type { LeaseInput } from '../cluster/messages.ts'
import type { Log } from './log.ts'

/** A folder of the head's and where the same folder is on this node. */
export interface PathRule {
  readonly head: string
  readonly here: string
}

/** Files that this node has itself, so that they need not come from the head. */
export interface PathMaps {
  /** Where the input is here, when that has been proved. */
  find(input: LeaseInput): string | undefined
  /**
   * Proves what is not known yet of these inputs: same size, same first and last 64 KiB. Waits `patienceMs` at most;
   * a slow disk goes on being asked, and is used from the next lease on. Null when there is nothing to prove.
   */
  prove(inputs: readonly LeaseInput[], patienceMs: number): Promise<void> | null
}

/** More files than any row of nodes works on at a time. */
const rememberedFiles = 1_000

export function createPathMaps(rules: readonly PathRule[], log: Pick<Log, 'info'>): PathMaps {
  /** By identity: the path here, or null when the file here is another one or none. */
  const known = new Map<string, string | null>()

  const remember = (identity: string, path: string | null): void => {
    known.set(identity, path)
    for (const oldest of [...known.keys()].slice(0, -rememberedFiles)) known.delete(oldest)
  }
  const proveOne = async (input: LeaseInput): Promise<void> => {
    const path = mapped(rules, input.path)
    if (path === null) return remember(input.identity, null)
    const why = await difference(path, input)
    remember(input.identity, why === null ? path : null)
    log.info('path map', { path, ...(why === null ? { same: true } : { same: false, why }) })
  }
  return {
    find: (input) => known.get(input.identity) ?? undefined,
    prove(inputs, patienceMs) {
      const unknown = rules.length === 0 ? [] : inputs.filter(({ identity }) => !known.has(identity))
      if (unknown.length === 0) return null
      const patience = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref())
      return Promise.race([Promise.all(unknown.map(proveOne)).then(() => undefined), patience])
    },
  }
}

/** The longest folder of a rule that the path lies in decides. */
function mapped(rules: readonly PathRule[], path: string | undefined): string | null {
  if (path === undefined || path.split('/').includes('..')) return null
  const asFolder = (text: string): string => (text.endsWith('/') ? text : `${text}/`)
  const rule = rules
    .filter(({ head }) => path.startsWith(asFolder(head)))
    .toSorted((a, b) => b.head.length - a.head.length)[0]
  return rule ? asFolder(rule.here) + path.slice(asFolder(rule.head).length) : null
}

/** Why the file here is not the head's; null when it is. */
async function difference(path: string, input: LeaseInput): Promise<string | null> {
  try {
    const { size, edges } = await fileEdges(path)
    return size === input.size && edges === input.edges ? null : 'it is another file'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
