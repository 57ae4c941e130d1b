import type { Told } from './emitted-words.ts'
import { type WrittenRow, writtenDecoders, writtenEncoders, writtenFilters } from './written-tables.ts'

/** What FFmpeg 8.1 of Jellyfin answered (npm run option-tables): null where it has no such thing. */
export interface Answers {
  readonly encoders: Answer
  readonly decoders: Answer
  readonly filters: Answer
  readonly devices: readonly string[]
}

/** By name and option: the range of numbers, and which of the words that it was asked for it takes. */
export type Answer = Readonly<
  Record<
    string,
    Readonly<
      Record<string, { readonly range: readonly number[]; readonly taken: readonly string[] } | null>
    > | null
  >
>

export type Kind = 'encoders' | 'decoders' | 'filters'

/** Of the builds for both processors; `option-tables.json`. */
export interface AnswersOfBoth {
  readonly x64: Answers
  readonly arm64: Answers
}

/** What is written down by hand, for what neither build holds. */
export const written: Readonly<Record<Kind, Readonly<Record<string, WrittenRow>>>> = {
  encoders: writtenEncoders,
  decoders: writtenDecoders,
  filters: writtenFilters,
}

/**
 * Words of one kind that neither build nor the written table takes. A number that nobody asked about is taken where it
 * is in the option's range; an expression is, where the option is text (its range is 0 to 0).
 */
export function unknownWords(tables: AnswersOfBoth, kind: Kind, told: Told): string[] {
  return Object.entries(told).flatMap(([name, options]) => {
    const answers = [tables.x64, tables.arm64]
      .map((table) => table[kind][name] ?? null)
      .filter((answer) => answer !== null)
    const row = written[kind][name]
    if (answers.length === 0 && !row) return [name]
    return Object.entries(options).flatMap(([option, values]) =>
      values
        .filter((value) => !answers.some((answer) => isTaken(answer[option] ?? null, value)))
        .filter((value) => !row?.options[option]?.test(value))
        .map((value) => `${name} ${option}=${value}`),
    )
  })
}

function isTaken(
  answer: { readonly range: readonly number[]; readonly taken: readonly string[] } | null,
  value: string,
): boolean {
  if (answer === null) return false
  if (answer.taken.includes(value)) return true
  const [least = 0, most = 0] = answer.range
  const isText = least === 0 && most === 0
  if (isText) return answer.taken.length > 0 && /^[0-9a-z+*/().-]+$/.test(value)
  return /^-?\d+(\.\d+)?$/.test(value) && Number(value) >= least && Number(value) <= most
}
