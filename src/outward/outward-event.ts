/** What others are told of, as it happened. No secret, and of films the title alone. */
export type OutwardEvent =
  | {
      readonly type: 'node-state'
      readonly atMs: number
      readonly node: { readonly id: string; readonly name: string }
      readonly state: string
      /** Null for one that is new. */
      readonly before: string | null
    }
  | {
      readonly type: 'session-began'
      readonly atMs: number
      readonly session: string
      readonly title: string
      readonly job: string
    }
  | {
      readonly type: 'session-ended'
      readonly atMs: number
      readonly session: string
      readonly title: string
      /** `finished`, `killed`, `failed` or `local`. */
      readonly how: string
      readonly reason: string | null
    }

/** How things stand, for who shows numbers. Null is what nobody knows. */
export interface OutwardState {
  readonly fleet: {
    readonly watts: number | null
    readonly savedWatts: number | null
    readonly monthKwh: number | null
    readonly monthSavedKwh: number | null
    readonly sessions: number
  }
  readonly nodes: readonly OutwardNode[]
}

export interface OutwardNode {
  /** One token of a topic. */
  readonly id: string
  readonly name: string
  readonly state: string
  readonly watts: number | null
  readonly celsius: number | null
  readonly load: number | null
}

/** Who is told. Neither call waits or throws. */
export interface Outlet {
  tell(event: OutwardEvent): void
  show(state: OutwardState): void
  close(): Promise<void>
}
