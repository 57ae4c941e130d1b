import { median, percentile, ratios } from '../statistics.ts'

type Share = 'p50' | 'p90' | 'p95' | 'p99'

const shares: Readonly<Record<Share, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

/** Values of one kind, in the order of the runs. */
export class Values {
  readonly values: readonly number[]

  constructor(values: readonly number[]) {
    this.values = values
  }

  minus({ values }: Values): Values {
    return new Values(this.values.map((value, index) => value - values[index]!))
  }

  over({ values }: Values): Values {
    return new Values(ratios(this.values, values))
  }

  /** Each run against the one before it. */
  overBefore(): Values {
    return new Values(ratios(this.values.slice(1), this.values.slice(0, -1)))
  }

  print(name: string, unit: string): void {
    const [p50, p90, p95] = [median(this.values), percentile(this.values, 0.9), percentile(this.values, 0.95)]
    const most = percentile(this.values, 1)
    const text = `p50 ${shown(p50)}, p90 ${shown(p90)}, p95 ${shown(p95)}, most ${shown(most)} ${unit}`
    console.log(`  ${name}: ${text} (${this.values.length} runs)`)
  }

  /** Prints them against a budget, one verdict for each percentile that it names. */
  judge(name: string, budget: Partial<Readonly<Record<Share, number>>>, unit: string): void {
    for (const [share, most] of Object.entries(budget)) {
      judge(`${name}, ${share}`, percentile(this.values, shares[share as Share]), most, unit)
    }
  }
}

/** Measurements by name. */
export class Series {
  readonly #values = new Map<string, number[]>()

  add = (name: string, value: number): void => {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value])
  }

  of(name: string): Values {
    return new Values(this.#values.get(name) ?? [])
  }
}

/** Prints one value against the most that it may be. */
export function judge(name: string, value: number, most: number, unit: string): void {
  console.log(`${value <= most ? 'met   ' : 'MISSED'} ${name}: ${shown(value)} ${unit} (budget ${most})`)
}

function shown(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1)
}
