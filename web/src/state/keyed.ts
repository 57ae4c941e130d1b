import { type ReadonlySignal, type Signal, signal } from '@preact/signals'

interface Named {
  readonly id: string
}

/** Things by id: one signal for which there are, and one for each, so that a change of one is drawn alone. */
export interface Keyed<T extends Named> {
  readonly ids: ReadonlySignal<readonly string[]>
  of(id: string): ReadonlySignal<T> | undefined
  /** Now, without being told of changes. */
  now(): readonly T[]
  replaceAll(things: readonly T[]): void
  /** Puts a thing in the place of the one with its id, or behind all others. */
  put(thing: T): void
  remove(ids: readonly string[]): void
}

/** Without any. Those that stay across {@link Keyed.replaceAll} keep their signals, and with them their place on the page. */
export function createKeyed<T extends Named>(): Keyed<T> {
  const byId = new Map<string, Signal<T>>()
  const ids = signal<readonly string[]>([])
  const set = (thing: T) => {
    const before = byId.get(thing.id)
    if (before) before.value = thing
    else byId.set(thing.id, signal(thing))
    return before === undefined
  }
  return {
    ids,
    of: (id) => byId.get(id),
    now: () => ids.peek().flatMap((id) => byId.get(id)?.peek() ?? []),
    replaceAll(things) {
      const kept = new Set(things.map(({ id }) => id))
      for (const id of byId.keys()) if (!kept.has(id)) byId.delete(id)
      for (const thing of things) set(thing)
      ids.value = things.map(({ id }) => id)
    },
    put(thing) {
      if (set(thing)) ids.value = [...ids.peek(), thing.id]
    },
    remove(gone) {
      if (!gone.some((id) => byId.delete(id))) return
      for (const id of gone) byId.delete(id)
      ids.value = ids.peek().filter((id) => byId.has(id))
    },
  }
}
