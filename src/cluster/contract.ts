import { contractVersion } from './messages.ts'

/**
 * Why a node of this contract and a head of that one cannot work together; null when they can. One apart is fine, so
 * that head and nodes need not be updated in the same minute.
 */
export function contractFault(
  node: number,
  head: number = contractVersion,
): 'E_NODE_TOO_OLD' | 'E_NODE_TOO_NEW' | null {
  if (node < head - 1) return 'E_NODE_TOO_OLD'
  return node > head + 1 ? 'E_NODE_TOO_NEW' : null
}
