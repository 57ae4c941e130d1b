import type { GrantOrder } from '../cluster/messages.ts'

/** What the placeholders in a lease's arguments stand for on this node. */
export interface LeaseValues {
  readonly output: string
  readonly progress: string
  input(index: number): string
  /** Options before an input that is at this address. */
  inputOptions(address: string): readonly string[]
}

/** The order's arguments with `{input:N}`, `{output}` and `{progress}` filled in, wherever they stand. */
export function fillArguments(args: readonly string[], values: LeaseValues): readonly string[] {
  const filled = fillPlaceholders(args, values)
  return filled.flatMap((argument, index) => {
    const isInput = args[index] === '-i' && /^\{input:\d{1,6}\}$/.test(args[index + 1] ?? '')
    return isInput ? [...values.inputOptions(filled[index + 1]!), argument] : [argument]
  })
}

function fillPlaceholders(args: readonly string[], values: LeaseValues): readonly string[] {
  return args.map((argument) =>
    argument.replace(
      /\{(?:input:(\d{1,6})|(output|progress))\}/g,
      (_, index: string | undefined, name: string) => {
        if (index !== undefined) return values.input(Number(index))
        return name === 'output' ? values.output : values.progress
      },
    ),
  )
}

/** Why a grant cannot be carried out as it is written; `undefined` when it can. */
export function faultOfGrant(order: GrantOrder): string | undefined {
  const { attempt, from, to, until, args, inputs } = order
  if (typeof attempt !== 'string' || !/^[\x21-\x7e]+$/.test(attempt)) return 'attempt must be a word'
  if (![from, to, until].every((number) => Number.isSafeInteger(number) && number >= 0)) {
    return 'from, to and until must be whole numbers'
  }
  if (from >= to) return 'there is no segment between from and to'
  if (!Array.isArray(args) || !args.every((argument) => typeof argument === 'string'))
    return 'args must be a list of words'
  if (
    !Array.isArray(inputs) ||
    !inputs.every((input) => Number.isSafeInteger(input?.size) && input.size >= 0)
  ) {
    return 'inputs must be a list, each with its size'
  }
  const wanted = args.flatMap((argument) =>
    [...argument.matchAll(/\{input:(\d+)\}/g)].map((match) => Number(match[1])),
  )
  const missing = wanted.find((index) => index >= inputs.length)
  return missing === undefined ? undefined : `there is no input ${missing}`
}
