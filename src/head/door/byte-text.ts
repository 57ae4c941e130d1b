import { isUtf8 } from 'node:buffer'

/**
 * Paths and arguments are bytes to the kernel, and text here. What is not UTF-8 becomes a lone surrogate per
 * byte (0x80..0xff as U+DC80..U+DCFF, the rule of Python's PEP 383): no real text holds one, so
 * {@link bytesFromText} gives back exactly the same bytes, and JSON carries it unharmed.
 */
export function textFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at)
    text +=
      length === 0
        ? String.fromCharCode(0xdc00 + bytes[at]!)
        : bytes.subarray(at, at + length).toString('utf8')
    at += Math.max(1, length)
  }
  return text
}

/** The opposite of {@link textFromBytes}. RangeError for a lone surrogate that stands for no byte. */
export function bytesFromText(text: string): Buffer {
  const pieces: Buffer[] = []
  let plainFrom = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0xd800 || unit > 0xdfff) continue
    const pair = text.codePointAt(at)! > 0xffff
    if (pair) {
      at++
      continue
    }
    if (unit < 0xdc80 || unit > 0xdcff) throw new RangeError(`a surrogate at ${at} that stands for no byte`)
    pieces.push(Buffer.from(text.slice(plainFrom, at), 'utf8'), Buffer.of(unit - 0xdc00))
    plainFrom = at + 1
  }
  return pieces.length === 0
    ? Buffer.from(text, 'utf8')
    : Buffer.concat([...pieces, Buffer.from(text.slice(plainFrom), 'utf8')])
}

/** Bytes of the UTF-8 character that begins here, 0 when none does. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length
  }
  return 0
}
