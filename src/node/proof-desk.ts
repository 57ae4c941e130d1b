/** What this node has proved, and the way to have it proved again. */
export interface ProofDesk {
  readonly platforms: readonly string[]
  /** See Beat. */
  readonly proofs: number
  /** Proves anew, beside whatever the node does; nothing when that is under way. */
  again(): void
}

export interface ProofDeskOptions {
  /** What was proved at the start. */
  readonly platforms: readonly string[]
  readonly prove: () => Promise<readonly string[]>
  /** The proof is over, and the head may hear of it. */
  readonly onProved: (platforms: readonly string[]) => void
  readonly onFault: (error: unknown) => void
}

export function createProofDesk(options: ProofDeskOptions): ProofDesk {
  let platforms = options.platforms
  let proofs = 1
  let running = false

  const run = async (): Promise<void> => {
    try {
      platforms = await options.prove()
      proofs += 1
      options.onProved(platforms)
    } catch (error) {
      options.onFault(error)
    } finally {
      running = false
    }
  }
  return {
    get platforms() {
      return platforms
    },
    get proofs() {
      return proofs
    },
    again() {
      if (running) return
      running = true
      void run()
    },
  }
}
