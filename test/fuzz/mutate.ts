import type { Random } from './random.ts'

/** Numbers at which something ends: signs, sizes of integers, limits of the head. */
const edges = [
  ...['0', '-0', '-1', '1', '2', '127', '128', '255', '256', '65535', '65536', '2147483647', '2147483648'],
  ...[
    '4294967295',
    '4294967296',
    '9007199254740991',
    '9007199254740993',
    '1e308',
    '1e999',
    '-1e308',
    '1e-320',
  ],
  ...['NaN', 'inf', '-inf', '0x10', '1/0', '0/0', '30000/1001', '1:2:3', '99:99:99.999', '00:00:00'],
]

const specials = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\\',
    "'",
    '"',
    '`',
    ';',
    ',',
    ':',
    '[',
    ']',
    '[[',
    '{',
    '}',
    '%',
    '%d',
    '%s',
    '%05d',
  ],
  ...[
    '=',
    '|',
    '..',
    '../',
    '/',
    '//',
    '\u{1f600}',
    '\ud800',
    '\u202e',
    '__proto__',
    'constructor',
    'toString',
  ],
]

/** A text that differs in a few places: characters, numbers, stretches that are doubled or gone. */
export function mutateText(random: Random, text: string): string {
  let made = text
  for (let changes = 1 + random.small(4); changes > 0; changes--) {
    const at = random.below(made.length + 1)
    const end = Math.min(made.length, at + random.small(12))
    switch (random.below(7)) {
      case 0:
        made = made.slice(0, at) + random.of(specials) + made.slice(at)
        break
      case 1:
        made = made.slice(0, at) + made.slice(end)
        break
      case 2:
        made = made.slice(0, end) + made.slice(at, end).repeat(1 + random.small(40)) + made.slice(end)
        break
      case 3:
        made = replaceNumber(random, made)
        break
      case 4:
        made =
          made.slice(0, at) +
          String.fromCharCode(random.below(random.oneIn(4) ? 65_536 : 128)) +
          made.slice(at + 1)
        break
      case 5:
        made = made.slice(at) + made.slice(0, at)
        break
      default:
        made = random.oneIn(30) ? made.repeat(1 + random.small(2_000)).slice(0, 500_000) : made.slice(0, at)
    }
  }
  return made
}

function replaceNumber(random: Random, text: string): string {
  const numbers = [...text.matchAll(/-?\d+(\.\d+)?/g)]
  if (numbers.length === 0) return text + random.of(edges)
  const { index, 0: number } = random.of(numbers)
  return text.slice(0, index) + random.of(edges) + text.slice(index + number.length)
}

/** Bytes that differ in a few places; lengths within them are then mostly wrong. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  let made = Buffer.from(bytes)
  for (let changes = 1 + random.small(6); changes > 0; changes--) {
    const at = random.below(made.length + 1)
    const end = Math.min(made.length, at + random.small(64))
    switch (random.below(6)) {
      case 0:
        if (at < made.length) made[at] = made[at]! ^ (1 << random.below(8))
        break
      case 1:
        made = Buffer.concat([made.subarray(0, at), made.subarray(end)])
        break
      case 2:
        made = Buffer.concat([made.subarray(0, at), random.bytes(random.small(40)), made.subarray(at)])
        break
      case 3:
        made = Buffer.concat([made.subarray(0, end), made.subarray(at, end), made.subarray(end)])
        break
      case 4:
        if (at + 4 <= made.length)
          made.writeUInt32BE(random.of([0, 1, 0xff, 0xffff, 0x7fffffff, 0xffffffff]), at)
        break
      default:
        made = made.subarray(0, at)
    }
  }
  return made
}

/** The value with a few things in it replaced by others, of any kind. */
export function mutateValue(random: Random, value: unknown): unknown {
  if (random.oneIn(6)) return anything(random, 0)
  if (Array.isArray(value)) return mutateList(random, value)
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    if (entries.length === 0 || random.oneIn(5))
      entries.push([mutateText(random, 'leases'), anything(random, 0)])
    const chosen = random.below(entries.length)
    if (random.oneIn(6)) entries.splice(chosen, 1)
    else entries[chosen] = [entries[chosen]![0], mutateValue(random, entries[chosen]![1])]
    return Object.fromEntries(entries)
  }
  if (typeof value === 'string') return mutateText(random, value)
  return typeof value === 'number'
    ? random.of([-1, 0, 0.5, 1e308, 2 ** 53, -(2 ** 31), value + 1])
    : anything(random, 0)
}

function mutateList(random: Random, list: readonly unknown[]): unknown[] {
  if (list.length === 0 || random.oneIn(4)) {
    const item = anything(random, 1)
    return Array.from({ length: random.oneIn(20) ? 20_000 : random.small(20) }, () => item)
  }
  const at = random.below(list.length)
  return list.map((item, index) => (index === at ? mutateValue(random, item) : item))
}

function anything(random: Random, depth: number): unknown {
  switch (random.below(depth > 3 ? 6 : 9)) {
    case 0:
      return null
    case 1:
      return random.oneIn(2)
    case 2:
      return Number(random.of(edges.filter((edge) => Number.isFinite(Number(edge)))))
    case 3:
      return random.of(specials)
    case 4:
      return 'x'.repeat(random.small(5_000))
    case 5:
      return []
    case 6:
      return Array.from({ length: random.small(5) }, () => anything(random, depth + 1))
    case 7:
      return {
        node: 'x',
        type: 'ended',
        ok: random.oneIn(2),
        [random.of(specials)]: anything(random, depth + 1),
      }
    default:
      return {}
  }
}
