import type { OrderOutcome } from '../cluster/connect-head.ts'
import type { Beat, Order } from '../cluster/messages.ts'
import { needsCapabilities, type ProvedPlatforms } from '../platforms/ways.ts'

/** What nodes have proved, as far as this head has heard it. */
export interface HeardCapabilities {
  /** Of a node as its beat has it; undefined until it has been told. */
  of(beat: Beat): ProvedPlatforms | undefined
  /** A beat has come: where it says that there is something else to tell, the node is asked. */
  heard(beat: Beat): void
  forget(node: string): void
}

export interface HeardCapabilitiesOptions {
  readonly order: (node: string, order: Order) => Promise<OrderOutcome>
  /** A node has told what this head had not heard. */
  readonly onTold: (node: string) => void
  readonly onNotice: (message: string) => void
}

/** They are large and seldom change, so that beats carry a digest, and who does not know it asks. */
export function hearCapabilities(options: HeardCapabilitiesOptions): HeardCapabilities {
  const told = new Map<string, { readonly digest: string; readonly proved: ProvedPlatforms }>()
  const asking = new Map<string, string>()

  const ask = async ({ node, name }: Beat, digest: string): Promise<void> => {
    asking.set(node, digest)
    const outcome = await options.order(node, { type: 'tell' })
    asking.delete(node)
    // Who was not heard is asked again with its next beat.
    if (!outcome.answered) return
    const { reply } = outcome
    const capabilities = reply.ok ? (reply.capabilities ?? {}) : {}
    told.set(node, { digest, proved: new Map(Object.entries(capabilities)) })
    if (!reply.ok) options.onNotice(`node ${name} does not say what it has proved: ${reply.message}`)
    options.onTold(node)
  }
  return {
    // Until the change has been told, what was told last is the best there is.
    of: ({ node, capabilities }) => (capabilities === undefined ? undefined : told.get(node)?.proved),
    heard(beat) {
      const { node, capabilities: digest } = beat
      if (digest === undefined || told.get(node)?.digest === digest || asking.has(node)) return
      void ask(beat, digest)
    },
    forget: (node) => void told.delete(node),
  }
}

/** Platforms that a node may be asked for: those of chips once it has said what it has proved of them. */
export function usablePlatforms(
  names: readonly string[],
  proved: ProvedPlatforms | undefined,
): readonly string[] {
  return names.every((name) => !needsCapabilities(name))
    ? names
    : names.filter((name) => !needsCapabilities(name) || proved?.has(name))
}
