/** A lease on pictures, as far as it says something of its node. */
interface MeteredLease {
  readonly node: string
  /** See demandOf. */
  readonly demand: number
  next: number
  until: number
  /** When it last moved, or began. */
  movedMs: number
  /** What comes next has waited for its credit, and says nothing. */
  hasWaited: boolean
}

interface Measured {
  /** Cores of the reference machine times seconds. */
  work: number
  seconds: number
}

/** Older observations count half once there is so much newer. */
const memorySeconds = 60
/** Less than this says nothing yet: segments arrive in bursts. */
const leastSeconds = 1

/**
 * Learns from what arrives, and when, how much each node does at the kinds of work that it gets. Time in which an encoder
 * waits for credit does not count, and what a node does for several sessions at once is added up. Times are milliseconds
 * of any clock that does not go backwards.
 */
export class WorkMeter {
  readonly #leases = new Map<string, MeteredLease>()
  readonly #measured = new Map<string, Measured>()

  granted(
    attempt: string,
    lease: { readonly node: string; readonly demand: number; readonly from: number; readonly until: number },
    nowMs: number,
  ): void {
    const { node, demand, from, until } = lease
    // How long its process takes to start is not how fast it is.
    this.#leases.set(attempt, { node, demand, next: from, until, movedMs: nowMs, hasWaited: true })
  }

  extended(attempt: string, until: number, nowMs: number): void {
    const lease = this.#leases.get(attempt)
    if (!lease) return
    if (isWaiting(lease)) {
      lease.movedMs = nowMs
      lease.hasWaited = true
    }
    lease.until = until
  }

  /** So many seconds of source, up to the end of this segment, have arrived. */
  arrived(attempt: string, segment: number, sourceSeconds: number, nowMs: number): void {
    const lease = this.#leases.get(attempt)
    if (!lease || segment < lease.next) return
    if (!lease.hasWaited) {
      this.#observe(
        lease.node,
        sourceSeconds * lease.demand * this.#busy(lease.node),
        (nowMs - lease.movedMs) / 1000,
      )
    }
    lease.next = segment + 1
    lease.movedMs = nowMs
    lease.hasWaited = false
  }

  ended(attempt: string): void {
    this.#leases.delete(attempt)
  }

  /** Cores of the reference machine that a node is worth; undefined where it has not been measured. */
  capacityOf(node: string): number | undefined {
    const measured = this.#measured.get(node)
    return measured && measured.seconds >= leastSeconds ? measured.work / measured.seconds : undefined
  }

  /** Its processes share a node evenly while they are busy. */
  #busy(node: string): number {
    const all = [...this.#leases.values()].filter((lease) => lease.node === node && !isWaiting(lease))
    return Math.max(1, all.length)
  }

  #observe(node: string, work: number, seconds: number): void {
    const measured = this.#measured.get(node) ?? { work: 0, seconds: 0 }
    this.#measured.set(node, measured)
    measured.work += work
    measured.seconds += Math.max(0, seconds)
    if (measured.seconds > memorySeconds) {
      measured.work /= 2
      measured.seconds /= 2
    }
  }
}

const isWaiting = (lease: MeteredLease): boolean => lease.next >= lease.until

/**
 * What each node is worth: measured, or else as much a core as those that were measured, or else its cores.
 */
export function capacities(
  nodes: readonly { readonly id: string; readonly cores: number }[],
  meter: Pick<WorkMeter, 'capacityOf'>,
): Map<string, number> {
  const known = nodes.flatMap(({ id, cores }) => {
    const capacity = meter.capacityOf(id)
    return capacity === undefined ? [] : [{ id, cores, capacity }]
  })
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const cores = sum(known.map((node) => Math.max(1, node.cores)))
  const perCore = cores > 0 ? sum(known.map(({ capacity }) => capacity)) / cores : 1
  return new Map(
    nodes.map((node) => {
      const measured = known.find(({ id }) => id === node.id)?.capacity
      return [node.id, measured ?? Math.max(1, node.cores) * perCore]
    }),
  )
}
