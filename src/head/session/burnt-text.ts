import type { EndedReport } from '../../cluster/messages.ts'
import { ass } from '../../container/text/ass.ts'
import { printText } from '../../container/text/text-file.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import { burntTextOf, textLookBackSeconds } from '../../platforms/text-lease.ts'
import type { GrantAction } from '../../session/actions.ts'
import { type LeaseCarrier, type ShippedFile, shippedFile } from './lease-carrier.ts'
import { createTextLeases } from './text-leases.ts'
import { createTextReader } from './text-reader.ts'

/** What leases need that burn text into the picture. */
export interface BurntText {
  /** The text of a lease, and the fonts. Rejects when no node could read the text. */
  filesFor(action: GrantAction): Promise<readonly ShippedFile[]>
  /** Whether the report is about a lease that read text. */
  ended(report: EndedReport): boolean
  nodeLost(node: string): void
  close(): void
}

export interface BurntTextOptions {
  /** The session's. */
  readonly id: string
  readonly plan: Plan
  readonly carrier: LeaseCarrier
  readonly fonts?: readonly Buffer[]
  /** Nodes of the session, the best first. */
  readonly nodes: () => readonly string[]
}

/** Null for a plan that burns no text in. */
export function createBurntText(options: BurntTextOptions): BurntText | null {
  const { id, plan, carrier, nodes } = options
  const burnt = burntTextOf(plan)
  if (!burnt) return null
  const { source, alone } = burnt
  const { timeline } = plan
  const text = { source, alone, format: 'ass', codec: 'ass', byTime: false } as const
  const leases = createTextLeases({ id, plan, carrier, name: 'text', text })
  const reader = createTextReader({
    startSeconds: slotSeconds(timeline, timeline.firstSlot),
    ...{ rules: ass, lookBackSeconds: textLookBackSeconds, whole: alone, nodes, read: leases.read },
  })
  const fonts = (options.fonts ?? []).map((bytes) => shippedFile('font', bytes))
  return {
    async filesFor({ to, node }) {
      const endSeconds = slotSeconds(timeline, boundarySlot(timeline, to))
      const file = await reader.until(endSeconds, node)
      return [shippedFile('text', Buffer.from(printText(ass, file))), ...fonts]
    },
    ended: leases.ended,
    nodeLost: leases.nodeLost,
    close: leases.close,
  }
}
