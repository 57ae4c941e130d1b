import type { CancelAction, CutAction, ExtendAction, GrantAction } from '../../session/actions.ts'
import type { SessionEvent } from '../../session/events.ts'
import type { BurntText } from './burnt-text.ts'
import { GrantTurns } from './grant-turns.ts'
import type { LeaseCarrier, LeaseHolder, ShippedFile } from './lease-carrier.ts'

/** A session's orders on their way to the carrier, each in its turn. */
export interface OutgoingOrders {
  grant(action: GrantAction): void
  /** About a lease that was granted. */
  about(action: CutAction | ExtendAction | CancelAction): void
}

export interface OutgoingOrdersOptions {
  readonly carrier: Pick<LeaseCarrier, 'grant' | 'order'>
  readonly holder: LeaseHolder
  /** Text that pictures need before they are made. */
  readonly burnt: BurntText | null
  /** Whether the session still has this lease: it may be over before its turn has come. */
  readonly isHeld: (attempt: string) => boolean
  /** ffmpeg runs on the node. */
  readonly onBegun: () => void
  /** What the session has to be told. */
  readonly onProblem: (event: SessionEvent) => void
  /** The session cannot go on. */
  readonly onBroken: (error: Error) => void
}

export function createOutgoingOrders(options: OutgoingOrdersOptions): OutgoingOrders {
  const { carrier, holder, burnt, isHeld, onProblem } = options
  const turns = new GrantTurns()

  const send = async (action: GrantAction, files: readonly ShippedFile[] = []): Promise<void> => {
    try {
      const problem = await carrier.grant(holder, action, { files })
      if (problem) onProblem(problem)
      else options.onBegun()
    } catch (error) {
      options.onBroken(error as Error)
    }
  }
  /** The lease's text has to be there before it is. */
  const sendWithText = (action: GrantAction, text: BurntText): void => {
    const { attempt, from } = action
    const ready = text.filesFor(action)
    turns.pictureAfter(attempt, ready, async () => {
      if (isHeld(attempt)) await send(action, await ready)
    })
    ready.catch(({ message: reason }: Error) => {
      onProblem({ type: 'lease-ended', attempt, outcome: 'failed', next: from, reason })
    })
  }
  return {
    grant(action) {
      if (action.part === 'video' && burnt) sendWithText(action, burnt)
      else if (action.part === 'video') turns.picture(() => send(action))
      else {
        turns.other(action.attempt, () => {
          if (isHeld(action.attempt)) void send(action)
        })
      }
    },
    about: (action) => turns.about(action.attempt, () => carrier.order(action)),
  }
}
