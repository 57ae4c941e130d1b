import type { Placement, PlacementNode, PlacementSession } from './wants.ts'

/** Whether a node can work for a session at all, and may. */
export function fits({ platforms, trusts }: PlacementSession, node: PlacementNode): boolean {
  return node.platforms.some(
    (platform) => platforms.includes(platform) && (trusts?.(node.id, platform) ?? true),
  )
}

/** Who has which nodes, while it is being worked out. */
export class Table {
  /** Fastest first. */
  readonly nodes: readonly PlacementNode[]
  readonly sessions: readonly PlacementSession[]
  readonly #held: Map<PlacementSession, Set<PlacementNode>>
  readonly #sharing = new Map<PlacementNode, number>()

  constructor(sessions: readonly PlacementSession[], nodes: readonly PlacementNode[]) {
    this.sessions = sessions
    this.nodes = nodes.toSorted((a, b) => (b.speed ?? 0) - (a.speed ?? 0) || compare(a.id, b.id))
    this.#held = new Map(sessions.map((session) => [session, new Set()]))
    for (const session of sessions) {
      const kept = nodes.filter((node) => session.nodes.includes(node.id) && fits(session, node))
      for (const node of kept) this.add(session, node)
    }
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

  /** How many sessions have a node. */
  sharing(node: PlacementNode): number {
    return this.#sharing.get(node) ?? 0
  }

  hasSlot(node: PlacementNode): boolean {
    return this.sharing(node) < (node.slots ?? 1)
  }

  add(session: PlacementSession, node: PlacementNode): void {
    this.#held.get(session)!.add(node)
    this.#sharing.set(node, this.sharing(node) + 1)
  }

  remove(session: PlacementSession, node: PlacementNode): void {
    this.#held.get(session)!.delete(node)
    this.#sharing.set(node, this.sharing(node) - 1)
  }

  move(from: PlacementSession, to: PlacementSession, node: PlacementNode): void {
    this.remove(from, node)
    this.add(to, node)
  }

  placement(): Placement {
    return new Map(
      this.sessions.map((session) => {
        const held = this.nodes.filter((node) => this.has(session, node))
        return [session.id, held.map((node) => node.id)]
      }),
    )
  }
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
