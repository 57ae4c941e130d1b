/** A session that wants nodes. */
export interface PlacementSession {
  readonly id: string
  /** Platforms that can carry out its plan; one of them is enough. */
  readonly platforms: readonly string[]
  /** Seconds by which it leads its player; a whole-file job has no player and gives Infinity. */
  readonly leadSeconds: number
  /** Nodes it may use now. */
  readonly nodes: readonly string[]
  /** Whether a node is trusted to do its work on a platform; each is unless told. */
  readonly trusts?: (node: string, platform: string) => boolean
  /** Cores of the reference machine that keep it in real time; see demandOf. Unknown: a node. */
  readonly demand?: number
}

export interface PlacementNode {
  readonly id: string
  readonly platforms: readonly string[]
  /** Sessions it works for at a time while there are nodes enough; 1 when not given. */
  readonly slots?: number
  /** Seconds of source a second, where measured. */
  readonly speed?: number
  /** Cores of the reference machine that it is worth. Unknown: enough for one session. */
  readonly capacity?: number
  /** Joules beyond idling for a second of one of those cores; see joulesPerWork. Unknown: as dear as any. */
  readonly joulesPerWork?: number
  /** Nothing runs on it, though sessions may have it: they wait for credit, or have just been given it. */
  readonly isQuiet?: boolean
  /** The head's own machine: it gets nothing while another node can do it. */
  readonly firstResponder?: boolean
}

/** By session: the nodes it may use, fastest first. */
export type Placement = Map<string, string[]>
