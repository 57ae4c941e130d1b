/**
 * As much of ASN.1's distinguished encoding rules (ITU-T X.690) as one certificate needs.
 * Every function returns a complete element: tag, length, content.
 */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), encodedLength(content.length), content])
}

export const sequence = (...elements: readonly Uint8Array[]): Buffer => element(0x30, ...elements)
export const setOf = (...elements: readonly Uint8Array[]): Buffer => element(0x31, ...elements)
export const octetString = (content: Uint8Array): Buffer => element(0x04, content)
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'))
export const utcTime = (text: string): Buffer => element(0x17, Buffer.from(text, 'ascii'))
export const generalizedTime = (text: string): Buffer => element(0x18, Buffer.from(text, 'ascii'))
export const booleanTrue = (): Buffer => element(0x01, Buffer.from([0xff]))

/** `[number]` around complete elements (explicit tagging). */
export const explicit = (number: number, ...elements: readonly Uint8Array[]): Buffer =>
  element(0xa0 | number, ...elements)

/** `[number]` in place of a primitive element's own tag (implicit tagging). */
export const implicit = (number: number, content: Uint8Array): Buffer => element(0x80 | number, content)

/** A bit string; `unusedBits` counts the bits of the last byte that do not belong to it. */
export const bitString = (content: Uint8Array, unusedBits = 0): Buffer =>
  element(0x03, Buffer.from([unusedBits]), content)

/** A whole number >= 0 from its big-endian bytes; leading zeros are dropped as the rules demand. */
export function unsignedInteger(bytes: Uint8Array): Buffer {
  const firstUsed = bytes.findIndex((byte) => byte !== 0)
  const digits = firstUsed < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(firstUsed))
  const looksNegative = (digits[0] ?? 0) >= 0x80
  return element(0x02, looksNegative ? Buffer.concat([Buffer.from([0]), digits]) : digits)
}

/** An object identifier from its dotted notation, e.g. `2.5.29.17`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift((left & 0x7f) | 0x80)
  }
  return bytes
}

function encodedLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 0xff)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}
