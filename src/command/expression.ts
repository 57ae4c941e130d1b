import { wordTable } from './word-table.ts'

/**
 * The value of one of FFmpeg's arithmetic expressions (https://ffmpeg.org/ffmpeg-utils.html, "Expression Evaluation"), as
 * far as filters' sizes need it: numbers, the four operations, `^`, brackets, and the functions of {@link functions}.
 * Null for anything else: a name that is neither here nor in `names`, a function that is not known.
 */
export function evaluateExpression(text: string, names: Readonly<Record<string, number>>): number | null {
  if (text.length > longest) return null
  try {
    return new Reader(text.replace(/\s+/g, ''), names).all()
  } catch (error) {
    if (error instanceof NotReadable) return null
    throw error
  }
}

/** Brackets within brackets are read by recursion. */
const longest = 500

class NotReadable extends Error {}

type Calculation = (...values: readonly number[]) => number

const truth = (isTrue: boolean): number => (isTrue ? 1 : 0)

const functions = wordTable<{ readonly arity: readonly number[]; readonly of: Calculation }>({
  abs: { arity: [1], of: Math.abs },
  ceil: { arity: [1], of: Math.ceil },
  floor: { arity: [1], of: Math.floor },
  trunc: { arity: [1], of: Math.trunc },
  // C's rounding goes away from zero.
  round: { arity: [1], of: (value) => Math.sign(value!) * Math.round(Math.abs(value!)) },
  sqrt: { arity: [1], of: Math.sqrt },
  min: { arity: [2], of: Math.min },
  max: { arity: [2], of: Math.max },
  mod: { arity: [2], of: (left, right) => left! - Math.floor(left! / right!) * right! },
  pow: { arity: [2], of: (left, right) => left! ** right! },
  eq: { arity: [2], of: (left, right) => truth(left === right) },
  gt: { arity: [2], of: (left, right) => truth(left! > right!) },
  gte: { arity: [2], of: (left, right) => truth(left! >= right!) },
  lt: { arity: [2], of: (left, right) => truth(left! < right!) },
  lte: { arity: [2], of: (left, right) => truth(left! <= right!) },
  not: { arity: [1], of: (value) => truth(value === 0) },
  if: { arity: [2, 3], of: (condition, yes, no = 0) => (condition === 0 ? no : yes!) },
  ifnot: { arity: [2, 3], of: (condition, yes, no = 0) => (condition === 0 ? yes! : no) },
})

/** By descent: a sum of products of powers. */
class Reader {
  readonly #text: string
  readonly #names: Readonly<Record<string, number>>
  #at = 0

  constructor(text: string, names: Readonly<Record<string, number>>) {
    this.#text = text
    this.#names = names
  }

  all(): number {
    const value = this.#sum()
    if (this.#at < this.#text.length) throw new NotReadable()
    return value
  }

  #sum(): number {
    let value = this.#product()
    for (;;) {
      if (this.#take('+')) value += this.#product()
      else if (this.#take('-')) value -= this.#product()
      else return value
    }
  }

  #product(): number {
    let value = this.#power()
    for (;;) {
      if (this.#take('*')) value *= this.#power()
      else if (this.#take('/')) value /= this.#power()
      else return value
    }
  }

  /** From left to right, as FFmpeg has it. */
  #power(): number {
    let value = this.#signed()
    while (this.#take('^')) value **= this.#signed()
    return value
  }

  #signed(): number {
    if (this.#take('-')) return -this.#signed()
    if (this.#take('+')) return this.#signed()
    return this.#atom()
  }

  #atom(): number {
    if (this.#take('(')) {
      const value = this.#sum()
      this.#demand(')')
      return value
    }
    const number = this.#match(/^(?:\d+(?:\.\d*)?|\.\d+)/)
    if (number !== null) return Number(number)
    const name = this.#match(/^[A-Za-z_]\w*/) ?? ''
    if (this.#take('(')) return this.#call(name)
    const value = Object.hasOwn(this.#names, name) ? this.#names[name] : undefined
    if (value === undefined) throw new NotReadable()
    return value
  }

  #call(name: string): number {
    const known = functions[name]
    const values = [this.#sum()]
    while (this.#take(',')) values.push(this.#sum())
    this.#demand(')')
    if (!known?.arity.includes(values.length)) throw new NotReadable()
    return known.of(...values)
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #demand(character: string): void {
    if (!this.#take(character)) throw new NotReadable()
  }

  #match(pattern: RegExp): string | null {
    const found = pattern.exec(this.#text.slice(this.#at))?.[0] ?? null
    this.#at += found?.length ?? 0
    return found
  }
}
