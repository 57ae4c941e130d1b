import { NotPlannable } from './refusal.ts'

/** Values go into another command line: only those that need no quoting there are taken. */
export function plainValue(value: string): string {
  if (!/^[A-Za-z0-9_.|()*/+-]*$/.test(value)) refuse(value)
  return value
}

/** An expression of a size; commas stand between the arguments of its functions. */
export function expressionValue(value: string): string {
  if (!/^[A-Za-z0-9_.()*/+,-]{1,200}$/.test(value)) refuse(value)
  return value
}

/** A whole number above 0. */
export function wholeNumber(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) refuse(value)
  return Number(value)
}

/** A number, maybe with a sign and a fraction. */
export function plainNumber(value: string): number {
  if (!/^[+-]?\d+(\.\d+)?$/.test(value)) refuse(value)
  return Number(value)
}

/** One of several words. */
export function oneOf<T extends string>(value: string, words: readonly T[]): T {
  return words.find((word) => word === value) ?? refuse(value)
}

function refuse(value: string): never {
  throw new NotPlannable('filter-value', `the filter value ${value}`)
}
