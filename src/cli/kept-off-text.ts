import { printable } from '../printable.ts'

/** A kind of work that a node is kept off, as the API tells it. */
export interface ShownKeptOff {
  readonly work: string
  readonly reason: string
  readonly proofInSeconds: number
}

/** One line about it. */
export function keptOffText(node: string, { work, reason, proofInSeconds }: ShownKeptOff): string {
  const what = `${node}: E_NODE_TRUST: kept off "${work}", which it failed at (${reason})`
  return `${printable(what)}; it proves itself in ${proofInSeconds} s\n`
}
