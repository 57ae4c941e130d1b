/** Writes bits, most significant first, with the Exp-Golomb codes of H.264: the reader's opposite, for tests. */
export class BitWriter {
  readonly #bits: number[] = []

  bits(count: number, value: number): this {
    for (let index = count - 1; index >= 0; index -= 1) this.#bits.push(Math.floor(value / 2 ** index) % 2)
    return this
  }

  flag(value: boolean): this {
    return this.bits(1, value ? 1 : 0)
  }

  unsigned(value: number): this {
    const length = Math.floor(Math.log2(value + 1))
    return this.bits(length, 0).bits(length + 1, value + 1)
  }

  signed(value: number): this {
    return this.unsigned(value > 0 ? value * 2 - 1 : -value * 2)
  }

  /** With the stop bit, filled up with zeros. */
  end(): Buffer {
    const all = [...this.#bits, 1]
    while (all.length % 8 !== 0) all.push(0)
    return Buffer.from(
      Array.from({ length: all.length / 8 }, (_, byte) =>
        all.slice(byte * 8, byte * 8 + 8).reduce((value, bit) => value * 2 + bit, 0),
      ),
    )
  }
}

/** Puts a 3 wherever two zeros are followed by a byte up to 3, so that no start code arises. */
export function withEmulationPrevention(payload: Buffer): Buffer {
  const bytes: number[] = []
  let zeros = 0
  for (const byte of payload) {
    if (zeros === 2 && byte <= 3) {
      bytes.push(3)
      zeros = 0
    }
    bytes.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Buffer.from(bytes)
}
