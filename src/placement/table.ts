import type { Placement, PlacementNode, PlacementSession } from './wants.ts'

/** Whether a node can work for a session at all, and may. */
export function fits({ platforms, trusts }: PlacementSession, node: PlacementNode): boolean {
  return node.platforms.some(
    (platform) => platforms.includes(platform) && (trusts?.(node.id, platform) ?? true),
  )
}

/** Who has which nodes, while it is being worked out. Both ways round: a hundred sessions may have a hundred nodes. */
export class Table {
  /** Fastest first. */
  readonly nodes: readonly PlacementNode[]
  readonly sessions: readonly PlacementSession[]
  /** Capacity of the largest node. */
  readonly largest: number
  readonly #held: Map<PlacementSession, Set<PlacementNode>>
  readonly #on: Map<PlacementNode, Set<PlacementSession>>
  /** Places in `nodes`. */
  readonly #rank: ReadonlyMap<PlacementNode, number>
  readonly #hadNone: ReadonlySet<PlacementSession>

  constructor(sessions: readonly PlacementSession[], nodes: readonly PlacementNode[]) {
    this.sessions = sessions
    this.nodes = nodes.toSorted((a, b) => (b.speed ?? 0) - (a.speed ?? 0) || compare(a.id, b.id))
    this.largest = largestOf(nodes)
    this.#rank = new Map(this.nodes.map((node, index) => [node, index]))
    this.#held = new Map(sessions.map((session) => [session, new Set()]))
    this.#on = new Map(nodes.map((node) => [node, new Set()]))
    const byId = new Map(nodes.map((node) => [node.id, node]))
    for (const session of sessions) {
      for (const id of session.nodes) {
        const node = byId.get(id)
        if (node && fits(session, node)) this.add(session, node)
      }
    }
    this.#hadNone = new Set(sessions.filter((session) => this.countOf(session) === 0))
  }

  /** Whether a session comes without any of these nodes. */
  hadNone(session: PlacementSession): boolean {
    return this.#hadNone.has(session)
  }

  byNeed(): PlacementSession[] {
    return this.sessions.toSorted(
      (a, b) =>
        Math.min(1, this.countOf(a)) - Math.min(1, this.countOf(b)) ||
        compare(a.leadSeconds, b.leadSeconds) ||
        compare(a.id, b.id),
    )
  }

  byWealth(): PlacementSession[] {
    return this.byNeed().toSorted((a, b) => this.countOf(b) - this.countOf(a))
  }

  /** Nodes that can work for a session, fastest first. */
  fitting(session: PlacementSession): PlacementNode[] {
    return this.nodes.filter((node) => fits(session, node))
  }

  countOf(session: PlacementSession): number {
    return this.#held.get(session)!.size
  }

  has(session: PlacementSession, node: PlacementNode): boolean {
    return this.#held.get(session)!.has(node)
  }

  /** What a session has, in no order. */
  heldBy(session: PlacementSession): ReadonlySet<PlacementNode> {
    return this.#held.get(session)!
  }

  /** Who has a node, in no order. */
  on(node: PlacementNode): ReadonlySet<PlacementSession> {
    return this.#on.get(node)!
  }

  /** How many sessions have a node. */
  sharing(node: PlacementNode): number {
    return this.#on.get(node)!.size
  }

  hasSlot(node: PlacementNode): boolean {
    return this.sharing(node) < (node.slots ?? 1)
  }

  add(session: PlacementSession, node: PlacementNode): void {
    this.#held.get(session)!.add(node)
    this.#on.get(node)!.add(session)
  }

  remove(session: PlacementSession, node: PlacementNode): void {
    this.#held.get(session)!.delete(node)
    this.#on.get(node)!.delete(session)
  }

  move(from: PlacementSession, to: PlacementSession, node: PlacementNode): void {
    this.remove(from, node)
    this.add(to, node)
  }

  /** What a session has, fastest first. */
  sortedHeldBy(session: PlacementSession): PlacementNode[] {
    return [...this.heldBy(session)].sort((a, b) => this.#rank.get(a)! - this.#rank.get(b)!)
  }

  placement(): Placement {
    return new Map(
      this.sessions.map((session) => [session.id, this.sortedHeldBy(session).map((node) => node.id)]),
    )
  }
}

export const largestOf = (nodes: readonly PlacementNode[]): number =>
  nodes.reduce((most, { capacity = 1 }) => Math.max(most, capacity), 0)

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
