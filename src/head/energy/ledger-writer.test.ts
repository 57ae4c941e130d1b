import { beforeEach, describe, expect, it } from 'vitest'
import type { Draw } from './cell.ts'
import type { Answered } from './ledger-desk.ts'
import type { Batch, LedgerFault } from './ledger-messages.ts'
import { LedgerWriter } from './ledger-writer.ts'

const draw: Draw = { node: 'a', session: '', state: 'idle', basis: 'measured', watts: 3, share: 1 }
const full: LedgerFault = { code: 'E_LEDGER_FULL', where: '/x' }

let written: Batch[]
let fault: LedgerFault | null
let troubles: (LedgerFault | null)[]
let writer: LedgerWriter
let release: (() => void) | undefined

beforeEach(() => {
  written = []
  troubles = []
  fault = null
  release = undefined
  writer = new LedgerWriter({
    desk: {
      async ask<T>(question: { readonly type: string }): Promise<Answered<T>> {
        if (release !== undefined) await new Promise<void>((resolve) => (release = resolve))
        written.push((question as unknown as { batch: Batch }).batch)
        return fault ? { ok: false, fault } : { ok: true, value: undefined as T }
      },
    },
    time: () => new Date(2026, 10, 23, 12),
    boot: 'b1',
    machines: () => [{ machine: 'a', watts: 2 }],
    onTrouble: (now) => void troubles.push(now),
  })
})

const joulesOf = (cells: readonly { readonly joules: number }[]) =>
  cells.reduce((sum, { joules }) => sum + joules, 0)

describe('writing energy down', () => {
  it('writes what there is, and nothing when there is nothing', async () => {
    await writer.write()
    expect(written).toEqual([])
    writer.add([draw], 2)
    writer.work({ id: 's', title: 'A film' }, 4)
    await writer.write()
    expect(written).toMatchObject([
      { boot: 'b1', sequence: 1, day: 20_261_123, sessions: [{ id: 's', title: 'A film' }] },
    ])
    expect(joulesOf(written[0]!.cells)).toBe(6)
    expect(writer.unwritten()).toEqual([])
    await writer.write()
    expect(written).toHaveLength(1)
  })

  it('tries the very same batch again, so that what was written after all counts once', async () => {
    fault = full
    writer.add([draw], 2)
    await writer.write()
    writer.add([draw], 5)
    await writer.write()
    expect(written[1]).toBe(written[0])
    expect(joulesOf(writer.unwritten())).toBe(21)
    fault = null
    await writer.write()
    await writer.write()
    expect(written.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 2])
    expect(writer.unwritten()).toEqual([])
  })

  it('tells of trouble when it begins and when it is over, and no more', async () => {
    fault = full
    writer.add([draw], 2)
    await writer.write()
    await writer.write()
    fault = { code: 'E_LEDGER_AWAY', where: '/x' }
    await writer.write()
    expect(writer.trouble).toEqual(fault)
    fault = null
    await writer.write()
    expect(troubles).toEqual([full, { code: 'E_LEDGER_AWAY', where: '/x' }, null])
    expect(writer.trouble).toBeNull()
  })

  it('writes one batch at a time', async () => {
    release = () => {}
    writer.add([draw], 2)
    const both = [writer.write(), writer.write()]
    writer.add([draw], 2)
    release()
    await Promise.all(both)
    expect(written).toHaveLength(1)
    expect(joulesOf(writer.unwritten())).toBe(6)
  })

  it('stays small for as long as nothing can be written', async () => {
    fault = full
    for (let hour = 0; hour < 50; hour++) {
      const nodes = Array.from({ length: 1_000 }, (_, index) => ({ ...draw, node: `n${index}` }))
      writer.add(nodes, 1)
      await writer.write()
    }
    expect(writer.unwritten().length).toBeLessThan(25_000)
    expect(joulesOf(writer.unwritten())).toBe(3 * 50 * 1_000)
  })
})
