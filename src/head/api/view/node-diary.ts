import type { NodeMoment } from '../contract/node-detail.ts'
import type { NodeState } from '../contract/node-view.ts'

/** What has become of each node since the head began, as far as it was looked at. Bounded for each. */
export interface NodeDiary {
  /** Looks at all nodes: one that has another state than before has a line more. */
  look(states: readonly { readonly id: string; readonly state: NodeState }[], atMs: number): void
  sinceMs(node: string): number | null
  history(node: string): readonly NodeMoment[]
}

export const mostMoments = 100

interface Page {
  state: NodeState
  sinceMs: number
  readonly moments: NodeMoment[]
}

/** @param why of a state that a node has come to, where somebody decided it. */
export function createNodeDiary(why: (node: string, state: NodeState) => string | null): NodeDiary {
  const pages = new Map<string, Page>()
  const turn = (page: Page, id: string, state: NodeState, atMs: number): void => {
    page.state = state
    page.sinceMs = atMs
    page.moments.push({ atMs, what: state, why: why(id, state) })
    if (page.moments.length > mostMoments) page.moments.shift()
  }
  return {
    look(states, atMs) {
      const ids = new Set<string>()
      for (const { id, state } of states) {
        ids.add(id)
        const page = pages.get(id)
        if (page && page.state === state) continue
        const turned = page ?? { state, sinceMs: atMs, moments: [] }
        turn(turned, id, state, atMs)
        pages.set(id, turned)
      }
      for (const id of pages.keys()) if (!ids.has(id)) pages.delete(id)
    },
    sinceMs: (node) => pages.get(node)?.sinceMs ?? null,
    history: (node) => pages.get(node)?.moments ?? [],
  }
}
