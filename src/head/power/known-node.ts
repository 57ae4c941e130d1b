import type { NodeKeeper } from './node-keeper.ts'

/** A node that was let in. */
export interface KnownNode {
  readonly id: string
  readonly name: string
}

/** With who keeps its life. */
export interface KeptLife extends KnownNode {
  readonly keeper: NodeKeeper
}
