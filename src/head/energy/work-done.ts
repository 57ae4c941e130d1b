import type { RunningEntry } from '../session/session-hall.ts'

type Seen = Pick<RunningEntry, 'demand'> & {
  readonly session: {
    readonly id: string
    readonly tally: Pick<RunningEntry['session']['tally'], 'frames'>
    readonly plan: { readonly video: Pick<RunningEntry['session']['plan']['video'], 'rate'> }
  }
}

/** How much of each session's work has been published since the question before. */
export class WorkDone {
  #frames = new Map<string, number>()

  /**
   * Cores of the reference machine times seconds, by session, of those that have any. A session counts from when it is
   * seen first: what an earlier head has published is not this one's.
   */
  since(running: readonly Seen[]): readonly { readonly id: string; readonly work: number }[] {
    const before = this.#frames
    this.#frames = new Map(running.map(({ session }) => [session.id, session.tally.frames]))
    return running.flatMap(({ session: { id, tally, plan }, demand }) => {
      const frames = tally.frames - (before.get(id) ?? tally.frames)
      const { num, den } = plan.video.rate
      return frames > 0 ? [{ id, work: (demand * frames * den) / num }] : []
    })
  }
}
