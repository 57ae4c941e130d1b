import type { LeaseInput } from '../cluster/messages.ts'
import type { Log } from './log.ts'
import type { PathProver } from './path-prover.ts'

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
   * a slow disk goes on being asked, and is used from the next lease on. Null when there is nothing to prove, or when
   * too much is being proved already.
   */
  prove(inputs: readonly LeaseInput[], patienceMs: number): Promise<void> | null
  /** A lease that read this file here has failed: for a minute it comes from the head, then it is proved again. */
  doubt(input: LeaseInput): void
}

/** More files than any row of nodes works on at a time. */
const rememberedFiles = 1_000

/** A file that is another one, or not there, may be the right one later. */
const refusalLastsMs = 60_000

/** A disk that does not answer keeps a process busy for each proof. */
const proofsAtOnce = 2

/** What is known of an identity: the path here that is proved, or until when (ms) there is none. */
type Finding = { readonly path: string } | { readonly noneUntil: number }

export function createPathMaps(
  rules: readonly PathRule[],
  prover: Pick<PathProver, 'prove'>,
  log: Pick<Log, 'info'>,
  now: () => number = () => performance.now(),
): PathMaps {
  const known = new Map<string, Finding>()
  const pending = new Map<string, Promise<void>>()

  const remember = (identity: string, finding: Finding): void => {
    known.delete(identity)
    known.set(identity, finding)
    for (const oldest of [...known.keys()].slice(0, -rememberedFiles)) known.delete(oldest)
  }
  const refuse = (identity: string): void => remember(identity, { noneUntil: now() + refusalLastsMs })
  const isOpen = ({ identity }: LeaseInput): boolean => {
    const finding = known.get(identity)
    return finding === undefined || ('noneUntil' in finding && finding.noneUntil <= now())
  }
  const compare = async (path: string, input: LeaseInput): Promise<void> => {
    const proof = await prover.prove(path)
    const why = 'none' in proof ? proof.none : differenceOf(proof, input)
    if (why === null) remember(input.identity, { path })
    else refuse(input.identity)
    log.info('path map', { path, ...(why === null ? { same: true } : { same: false, why }) })
  }
  const proofOf = (input: LeaseInput): Promise<void> | null => {
    const { identity, edges } = input
    const path = mapped(rules, input.path)
    if (path === null || edges === undefined || !isOpen(input)) return null
    const running = pending.get(identity)
    if (running !== undefined || pending.size >= proofsAtOnce) return running ?? null
    const proof = compare(path, input).finally(() => pending.delete(identity))
    pending.set(identity, proof)
    return proof
  }
  return {
    find: ({ identity }) => {
      const finding = known.get(identity)
      return finding !== undefined && 'path' in finding ? finding.path : undefined
    },
    prove(inputs, patienceMs) {
      const proofs = inputs.map(proofOf).filter((proof) => proof !== null)
      if (proofs.length === 0) return null
      const patience = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref())
      return Promise.race([Promise.all(proofs).then(() => undefined), patience])
    },
    doubt: ({ identity }) => refuse(identity),
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
function differenceOf(here: { size: number; edges: string }, input: LeaseInput): string | null {
  return here.size === input.size && here.edges === input.edges ? null : 'it is another file'
}
