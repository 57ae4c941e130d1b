import type { Cell, Draw } from './cell.ts'
import type { Stamp } from './stamp.ts'

type Key = Omit<Cell, 'joules' | 'seconds' | 'work'>
interface Sum extends Key {
  joules: number
  seconds: number
  work: number
}

/** So many are some megabytes: the disk has been full or away for hours. */
const mostCells = 20_000

/** Energy that has not been written down yet. It never takes more room than a bound, but gets coarser instead. */
export class GatheredCells {
  #cells = new Map<string, Sum>()
  readonly #most: number
  /** More than most only where there are so many nodes: then looking for what can be merged each time would take too long. */
  #limit: number

  constructor(most = mostCells) {
    this.#most = most
    this.#limit = most
  }

  /** So many watts for so long. Called for each node each second: what is there already is added to in place. */
  add(draw: Draw, seconds: number, stamp: Stamp): void {
    const { watts, share } = draw
    const known = this.#cells.get(keyOf(draw, stamp))
    if (known !== undefined && Number.isFinite(watts)) {
      known.joules += watts * seconds
      known.seconds += seconds * share
      return
    }
    const { node, session, state, basis } = draw
    const key = { node, session, state, basis, ...stamp }
    this.#put({ ...key, joules: watts * seconds, seconds: seconds * share, work: 0 })
    this.#bound()
  }

  /** So much work was done for a session; see Cell. */
  addWork(session: string, work: number, stamp: Stamp): void {
    const key = { node: '', session, state: 'busy', basis: 'modelled' } as const
    this.#put({ ...key, ...stamp, joules: 0, seconds: 0, work })
    this.#bound()
  }

  all(): readonly Cell[] {
    return [...this.#cells.values()]
  }

  /** All of them, which are somebody else's from now on. */
  take(): readonly Cell[] {
    const cells = this.all()
    this.#cells = new Map()
    this.#limit = this.#most
    return cells
  }

  get size(): number {
    return this.#cells.size
  }

  #put(cell: Sum): void {
    // One number that is none would spoil a sum for good.
    if (!Number.isFinite(cell.joules) || !Number.isFinite(cell.work)) return
    const key = keyOf(cell, cell)
    const sum = this.#cells.get(key)
    if (sum === undefined) this.#cells.set(key, cell)
    else {
      sum.joules += cell.joules
      sum.seconds += cell.seconds
      sum.work += cell.work
    }
  }

  /** First the minutes go, then the hours, then which session it was for. What is left are sums of nodes and days. */
  #bound(): void {
    if (this.#cells.size <= this.#limit) return
    const coarser: readonly ((cell: Sum) => Sum)[] = [
      (cell) => ({ ...cell, minute: null }),
      (cell) => ({ ...cell, hour: null }),
      (cell) => ({ ...cell, session: '' }),
    ]
    for (const merge of coarser) if (this.#cells.size > this.#most) this.#merge(merge)
    this.#limit = Math.max(this.#most, 2 * this.#cells.size)
  }

  #merge(coarser: (cell: Sum) => Sum): void {
    const cells = [...this.#cells.values()]
    this.#cells = new Map()
    for (const cell of cells) this.#put(coarser(cell))
  }
}

type Place = Pick<Key, 'node' | 'session' | 'state' | 'basis'>

function keyOf({ node, session, state, basis }: Place, { minute, hour, day }: Stamp): string {
  return `${minute ?? `${hour} ${day}`} ${state} ${basis} ${session} ${node}`
}
