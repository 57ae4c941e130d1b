import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findRapl } from './rapl.ts'
import { FileTree } from './testing/file-tree.ts'

let tree: FileTree
afterEach(() => tree.remove())

/** As on a desktop computer with an Intel processor: cores and graphics inside the package, memory beside, all in psys. */
const range = 262_143_328_850
const domain = (path: string, name: string, microjoules: number) => ({
  [`class/powercap/${path}/name`]: name,
  [`class/powercap/${path}/energy_uj`]: microjoules,
  [`class/powercap/${path}/max_energy_range_uj`]: range,
})
const intel = {
  'class/powercap/intel-rapl/enabled': 1,
  ...domain('intel-rapl:0', 'package-0', 1_000_000),
  ...domain('intel-rapl:0:0', 'core', 900_000),
  ...domain('intel-rapl:0:1', 'uncore', 1_000),
  ...domain('intel-rapl:0:2', 'dram', 500_000),
  ...domain('intel-rapl:1', 'psys', 9_000_000),
}
const setCounter = (path: string, microjoules: number) =>
  tree.write({ [`class/powercap/${path}/energy_uj`]: microjoules })

/** A meter on a clock that stands where it is put. */
async function meterAt(clock: { ms: number }) {
  return (await findRapl(tree.root, () => clock.ms))!
}

describe('the counters of a processor', () => {
  it('give the mean watts since the last reading, package and memory only', async () => {
    tree = new FileTree(intel)
    const clock = { ms: 5_000 }
    const meter = await meterAt(clock)
    clock.ms += 2_000
    setCounter('intel-rapl:0', 13_000_000)
    setCounter('intel-rapl:0:0', 12_000_000)
    setCounter('intel-rapl:0:2', 1_500_000)
    expect(await meter.read()).toEqual({
      watts: 6.5,
      joules: 13,
      source: 'rapl package-0 + dram',
      basis: 'measured',
      boundary: 'chip',
    })
    clock.ms += 10_000
    setCounter('intel-rapl:0', 33_000_000)
    expect(await meter.read()).toMatchObject({ watts: 2, joules: 33 })
  })

  it('of two sockets are added up', async () => {
    tree = new FileTree({ ...intel, ...domain('intel-rapl:2', 'package-1', 0) })
    const clock = { ms: 0 }
    const meter = await meterAt(clock)
    clock.ms = 1_000
    setCounter('intel-rapl:0', 31_000_000)
    setCounter('intel-rapl:2', 20_000_000)
    expect((await meter.read()).watts).toBe(50)
  })

  it('are followed over their end', async () => {
    tree = new FileTree({ ...intel, ...domain('intel-rapl:0', 'package-0', range - 4_000_000) })
    const clock = { ms: 0 }
    const meter = await meterAt(clock)
    clock.ms = 1_000
    setCounter('intel-rapl:0', 6_000_000)
    expect(await meter.read()).toMatchObject({ watts: 10, joules: 10 })
  })

  it('are not followed over so long that they may have gone round twice', async () => {
    tree = new FileTree(intel)
    let nowMs = 0
    let samples = 0
    // Asked first for the age of the last reading, then with the sample that replaces it, then with the next.
    const clock = () => {
      const atMs = nowMs
      if (nowMs > 0 && ++samples === 2) {
        nowMs += 100
        setCounter('intel-rapl:0', 99_700_000)
      }
      return atMs
    }
    const meter = (await findRapl(tree.root, clock))!
    nowMs = 3_600_000
    // A package of 100 W goes round in 44 minutes; what it shows after an hour means nothing.
    setCounter('intel-rapl:0', 99_000_000)
    const watts = expect.closeTo(7, 6)
    expect(await meter.read()).toMatchObject({ watts, joules: expect.closeTo(0.7, 6) })
  })

  it('are waited for where the last reading is too young to say anything', async () => {
    tree = new FileTree(intel)
    const meter = (await findRapl(tree.root))!
    const began = performance.now()
    expect((await meter.read()).watts).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(80)
  })

  it('that only root may read are denied, by name', async ({ skip }) => {
    tree = new FileTree(intel)
    const path = join(tree.root, 'class/powercap/intel-rapl:0/energy_uj')
    chmodSync(path, 0o000)
    skip(process.getuid?.() === 0, 'root may read everything')
    await expect(findRapl(tree.root)).rejects.toMatchObject({ code: 'E_METER_DENIED', where: path })
  })

  it('are not found on a machine without them', async () => {
    tree = new FileTree({ 'class/powercap/dtpm/name': 'dtpm' })
    expect(await findRapl(tree.root)).toBeUndefined()
  })

  it('that show something else than a number are not believed', async () => {
    tree = new FileTree({ ...intel, 'class/powercap/intel-rapl:0/max_energy_range_uj': 'none' })
    await expect(findRapl(tree.root)).rejects.toMatchObject({ code: 'E_POWER_ANSWER' })
  })
})
