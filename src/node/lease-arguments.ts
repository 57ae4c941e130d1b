import type { GrantOrder } from '../cluster/messages.ts'

/** What the placeholders in a lease's arguments stand for on this node. */
export interface LeaseValues {
  readonly output: string
  readonly progress: string
  /** Paths of what was fetched for the lease, if anything was. */
  readonly files?: { readonly text: string; readonly fonts: string }
  input(index: number): string
  /** Options before an input that is at this address. */
  inputOptions(address: string): readonly string[]
}

/** The order's arguments with `{input:N}`, `{output}`, `{progress}`, `{text}` and `{fonts}` filled in, wherever they stand. */
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
      /\{(?:input:(\d{1,6})|(output|progress|text|fonts))\}/g,
      (placeholder, index: string | undefined, name: string) => {
        if (index !== undefined) return values.input(Number(index))
        if (name === 'output' || name === 'progress') return values[name]
        const path = values.files?.[name as 'text' | 'fonts']
        return path === undefined ? placeholder : quotedInGraph(path)
      },
    ),
  )
}

/**
 * A path as a value within a filter graph: it is unquoted once for the graph and once for the filter's arguments
 * (ffmpeg-filters, "Notes on filtergraph escaping").
 */
function quotedInGraph(path: string): string {
  return path.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&')
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
  const strange = faultOfFiles(order.files ?? [], args)
  if (strange !== undefined) return strange
  const wanted = args.flatMap((argument) =>
    [...argument.matchAll(/\{input:(\d+)\}/g)].map((match) => Number(match[1])),
  )
  const missing = wanted.find((index) => index >= inputs.length)
  return missing === undefined ? undefined : `there is no input ${missing}`
}

/** More than the largest fonts of Chinese with all else that a film needs. */
const mostFileBytes = 64 * 1024 * 1024

function faultOfFiles(files: GrantOrder['files'] & object, args: readonly string[]): string | undefined {
  if (!Array.isArray(files)) return 'files must be a list'
  const isFile = (file: unknown): boolean => {
    const { use, url, size, digest } = (file ?? {}) as Record<string, unknown>
    const isSized = Number.isSafeInteger(size) && (size as number) >= 0
    return (use === 'text' || use === 'font') && typeof url === 'string' && isSized && isDigest(digest)
  }
  if (!files.every(isFile)) return 'files must be texts and fonts, each with url, size and digest'
  if (files.reduce((sum, { size }) => sum + size, 0) > mostFileBytes) return 'the files are too large'
  const texts = files.filter(({ use }) => use === 'text').length
  if (texts > 1) return 'there are two texts'
  const needs = (placeholder: string) => args.some((argument) => argument.includes(placeholder))
  return needs('{text}') && texts === 0 ? 'there is no text' : undefined
}

const isDigest = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
