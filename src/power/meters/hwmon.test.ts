import { afterEach, describe, expect, it } from 'vitest'
import { findHwmon } from './hwmon.ts'
import { FileTree } from './testing/file-tree.ts'

let tree: FileTree
afterEach(() => tree.remove())

describe('sensors of hwmon', () => {
  it('tell watts, each with what is inside', async () => {
    tree = new FileTree({
      'class/hwmon/hwmon0/name': 'nvme',
      'class/hwmon/hwmon0/temp1_input': 40_000,
      'class/hwmon/hwmon2/name': 'amdgpu',
      'class/hwmon/hwmon2/power1_average': 7_125_000,
      'class/hwmon/hwmon2/power1_input': 9_000_000,
      'class/hwmon/hwmon10/name': 'power_meter',
      'class/hwmon/hwmon10/power1_average': 43_000_000,
      'class/hwmon/hwmon11/name': 'ina226',
      'class/hwmon/hwmon11/power1_input': 3_250_000,
    })
    const readings = await Promise.all((await findHwmon(tree.root)).map((meter) => meter.read()))
    expect(readings).toEqual([
      { watts: 7.125, source: 'hwmon amdgpu', basis: 'measured', boundary: 'chip' },
      { watts: 43, source: 'hwmon power_meter', basis: 'measured', boundary: 'wall' },
      { watts: 3.25, source: 'hwmon ina226', basis: 'measured', boundary: 'board' },
    ])
  })

  it('leave the sensors of a Jetson to their own meter', async () => {
    tree = new FileTree({ 'class/hwmon/hwmon0/name': 'ina3221', 'class/hwmon/hwmon0/power1_input': 1 })
    expect(await findHwmon(tree.root)).toEqual([])
  })

  it('are none where the kernel has none', async () => {
    tree = new FileTree()
    expect(await findHwmon(tree.root)).toEqual([])
  })
})
