import type { Clock } from './clock.ts'
import { EncoderNode } from './encoder-node.ts'
import { PlayedSession } from './played-session.ts'
import type { Stage, StagedSession, StageEvents, StageNode } from './stage.ts'
import type { Viewing } from './viewing.ts'

/** The fine grain: every segment is leased, made, offered and published. */
export class PlayedStage implements Stage {
  readonly #clock: Clock
  readonly #events: StageEvents
  readonly #nodes: ReadonlyMap<string, { readonly encoder: EncoderNode; readonly capacity: number }>

  constructor(nodes: readonly StageNode[], clock: Clock, events: StageEvents) {
    this.#clock = clock
    this.#events = events
    this.#nodes = new Map(
      nodes.map(({ id, capacity }) => {
        const tell = (leases: number, isBusy: boolean) => events.nodeBusy(id, leases, Number(isBusy))
        return [id, { encoder: new EncoderNode(id, clock, tell), capacity }]
      }),
    )
  }

  begin(viewing: Viewing, askedMs: number): StagedSession {
    return new PlayedSession(viewing, askedMs, this.#clock, this.#nodes, this.#events)
  }

  nodeUp(node: string): void {
    this.#nodes.get(node)!.encoder.comeUp()
  }

  nodeDown(node: string): void {
    this.#nodes.get(node)!.encoder.cutOff()
  }

  leasesOn(node: string): number {
    return this.#nodes.get(node)!.encoder.leases
  }
}
