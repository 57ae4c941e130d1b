import { measuredWidth, type ProofClip } from '../../platforms/proof-clips.ts'
import { type ProofRow, untried } from '../../platforms/proof-result.ts'
import type { Bench } from './bench.ts'

/** A speed, told in the proof's row as well; nothing where it could not be measured. */
export async function speedOf(
  args: readonly string[],
  { what, clip }: { readonly what: string; readonly clip: ProofClip },
  bench: Bench,
  rows: ProofRows,
): Promise<{ readonly framesPerSecond?: number }> {
  const speeds = clip.width === measuredWidth ? await bench.speeds(args, clip, 1) : null
  if (speeds?.[0] === undefined) return {}
  const framesPerSecond = Math.max(0.1, Math.round(speeds[0] * 10) / 10)
  rows.change(what, { framesPerSecond })
  return { framesPerSecond }
}

/** What was tried, in order of its beginning. */
export class ProofRows {
  readonly #rows: (ProofRow | null)[] = []

  get all(): readonly ProofRow[] {
    return this.#rows.filter((row) => row !== null)
  }

  add(what: string, why: string | null): void {
    this.#rows.push({ what, why })
  }

  /** Keeps the place of something whose outcome is not known yet, and may never be told. */
  reserve(what: string): (why: string | null) => void {
    const at = this.#rows.push(null) - 1
    return (why) => {
      this.#rows[at] = { what, why }
    }
  }

  change(what: string, change: Partial<ProofRow>): void {
    const at = this.#rows.findLastIndex((row) => row?.what === what)
    const row = this.#rows[at]
    if (row) this.#rows[at] = { ...row, ...change }
  }

  get failed(): readonly { readonly what: string; readonly why: string }[] {
    return this.all.flatMap(({ what, why }) => (why === null || why === untried ? [] : [{ what, why }]))
  }
}
