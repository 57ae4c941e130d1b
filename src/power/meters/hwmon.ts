import { join } from 'node:path'
import type { Boundary, Meter } from './meter.ts'
import { namesIn, readNumber, readText } from './sysfs.ts'

/** Chips whose power reading is known for what it is; any other is taken for a board's. */
const boundaries: Readonly<Record<string, Boundary>> = {
  amdgpu: 'chip',
  zenpower: 'chip',
  power_meter: 'wall',
}

/** INA3221 has its own meter; its sums of rails would be counted twice here. */
const elsewhere = /^ina3221/

/**
 * One meter for each sensor chip of `class/hwmon` that reports power: `power1_average`, else `power1_input`, in
 * microwatts.
 *
 * @param sys the mount point of sysfs
 */
export async function findHwmon(sys = '/sys'): Promise<Meter[]> {
  const parent = join(sys, 'class', 'hwmon')
  const meters: Meter[] = []
  for (const folder of await namesIn(parent)) {
    const chip = (await readText(join(parent, folder, 'name'))) ?? ''
    if (chip === '' || elsewhere.test(chip)) continue
    const entries = await namesIn(join(parent, folder))
    const file = ['power1_average', 'power1_input'].find((name) => entries.includes(name))
    if (file === undefined) continue
    const path = join(parent, folder, file)
    const source = `hwmon ${chip}`
    const boundary = boundaries[chip] ?? 'board'
    meters.push({
      source,
      read: async (signal) => {
        signal?.throwIfAborted()
        return { watts: (await readNumber(path)) / 1_000_000, source, basis: 'measured', boundary }
      },
    })
  }
  return meters
}
