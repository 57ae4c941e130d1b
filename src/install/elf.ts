/** Names of machines by e_machine of the ELF header (elf(5), and the registry of the System V ABI). */
const machines: Readonly<Record<number, string>> = {
  3: 'x86',
  40: 'arm',
  62: 'x86-64',
  183: 'arm64',
  243: 'riscv',
}

/** Bytes of a file's beginning that tell its machine. */
export const elfHeaderBytes = 20

/**
 * For which machine a program was compiled: `x86-64`, `arm64` and so on, `machine N` for one without a name here, null
 * for what is no ELF file.
 * @param beginning of the file, {@link elfHeaderBytes} at least where it has so many.
 */
export function machineOf(beginning: Buffer): string | null {
  if (beginning.length < elfHeaderBytes || beginning.readUInt32BE(0) !== 0x7f454c46) return null
  const isLittleEndian = beginning[5] === 1
  const number = isLittleEndian ? beginning.readUInt16LE(18) : beginning.readUInt16BE(18)
  return machines[number] ?? `machine ${number}`
}
