import { type ErrorCode, errorTable } from '../../errors.ts'
import type { LifeReport } from '../../placement/power/node-life.ts'

/** What a log says of each. */
export const reportWords: Readonly<Record<LifeReport, string>> = {
  'woke-by-itself': 'a node is there that nobody has woken',
  rebooted: 'a node has started anew by itself',
  vanished: 'a node is gone that nobody has put to sleep',
  'did-not-wake': errorTable.E_NODE_WAKE.what,
  'did-not-sleep': errorTable.E_NODE_SLEEP.what,
  'came-back': 'a node that had failed is there again',
}

/** Those that are failures. */
export const reportCodes: Readonly<Partial<Record<LifeReport, ErrorCode>>> = {
  'did-not-wake': 'E_NODE_WAKE',
  'did-not-sleep': 'E_NODE_SLEEP',
}
