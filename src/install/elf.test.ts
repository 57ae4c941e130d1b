import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { elfHeaderBytes, machineOf } from './elf.ts'

function header(machine: number, littleEndian = true): Buffer {
  const bytes = Buffer.alloc(elfHeaderBytes)
  bytes.write('\x7fELF', 'latin1')
  bytes[5] = littleEndian ? 1 : 2
  if (littleEndian) bytes.writeUInt16LE(machine, 18)
  else bytes.writeUInt16BE(machine, 18)
  return bytes
}

describe('the machine of a program', () => {
  it.each([
    [62, 'x86-64'],
    [183, 'arm64'],
    [40, 'arm'],
    [3, 'x86'],
    [243, 'riscv'],
    [8, 'machine 8'],
  ])('number %i is %s', (number, name) => {
    expect(machineOf(header(number))).toBe(name)
  })

  it('is read in the byte order that the file is in', () => {
    expect(machineOf(header(62, false))).toBe('x86-64')
  })

  it('is that of this machine for a program that runs here', () => {
    const names: Record<string, string> = { x64: 'x86-64', arm64: 'arm64', ia32: 'x86', arm: 'arm' }
    expect(machineOf(readFileSync(process.execPath).subarray(0, elfHeaderBytes))).toBe(names[process.arch])
  })

  it('is unknown of what is no program, or too short to be one', () => {
    expect(machineOf(Buffer.from('#!/bin/sh\necho a longer script\n'))).toBeNull()
    expect(machineOf(header(62).subarray(0, elfHeaderBytes - 1))).toBeNull()
    expect(machineOf(Buffer.alloc(0))).toBeNull()
  })
})
