import { createHash } from 'node:crypto'
import type { Beat, OrderReply } from '../cluster/messages.ts'
import type { Capabilities } from '../platforms/capabilities.ts'

/** What this node has proved of its chips and of its ffmpeg, by platform: whoever proves gives it to the agent. */
export interface ProvedCapabilities {
  /** As it is now; a platform that is not in it has not been proved. */
  current(): ReadonlyMap<string, Capabilities>
  /** Calls `listener` whenever {@link current} says something else. */
  onChange(listener: () => void): void
  /** Proves anew; resolves when {@link current} says what came of it. */
  prove(): Promise<void>
}

/** What the head hears of it. */
export interface CapabilityDesk {
  /** For the beats; see Beat. */
  readonly told: Pick<Beat, 'capabilities'>
  /** Platforms that it has proved, and those of `others`, each once. */
  platforms(others: readonly string[]): readonly string[]
  /** The answer to a TellOrder. */
  tell(): OrderReply
  prove(): Promise<void>
}

/** Of what ffmpeg said of a failure a head needs no more. */
const mostWords = 1_000

/** @param onChange there is something else to tell. */
export function createCapabilityDesk(
  proved: ProvedCapabilities | undefined,
  onChange: () => void,
): CapabilityDesk {
  let told: Pick<Beat, 'capabilities'> = {}
  let capabilities: Record<string, Capabilities> = {}
  const take = (): void => {
    if (!proved) return
    capabilities = Object.fromEntries([...proved.current()].map(([name, each]) => [name, shortened(each)]))
    const digest = createHash('sha256').update(JSON.stringify(capabilities)).digest('hex').slice(0, 16)
    told = { capabilities: digest }
  }
  take()
  proved?.onChange(() => {
    take()
    onChange()
  })
  return {
    get told() {
      return told
    },
    platforms: (others) => [...new Set([...others, ...Object.keys(capabilities)])],
    tell: () => ({ ok: true, capabilities }),
    async prove() {
      await proved?.prove()
    },
  }
}

function shortened({ failed, ...rest }: Capabilities): Capabilities {
  if (!failed) return rest
  return { ...rest, failed: failed.map(({ what, why }) => ({ what, why: why.slice(0, mostWords) })) }
}
