import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findNodeMeter } from '../../src/power/meters/node-meter.ts'
import { findNvidia } from '../../src/power/meters/nvidia-smi.ts'
import { FileTree } from '../../src/power/meters/testing/file-tree.ts'

let tree: FileTree
afterEach(() => tree.remove())

/** A program in the tree that prints what nvidia-smi would. */
function nvidiaSmi(shell: string): string {
  const path = join(tree.root, 'nvidia-smi')
  writeFileSync(path, `#!/bin/sh\n${shell}\n`)
  chmodSync(path, 0o755)
  return path
}
const missing = '/nonexistent/nvidia-smi'

describe('nvidia-smi', () => {
  it('is asked for watts without units, and its cards are added up', async () => {
    tree = new FileTree()
    const program = nvidiaSmi(
      `[ "$*" = "--query-gpu=power.draw --format=csv,noheader,nounits" ] && printf '17.31\\n8.04\\n'`,
    )
    const meter = (await findNvidia(program))!
    const reading = { source: 'nvidia-smi, 2 cards', basis: 'measured', boundary: 'chip' }
    expect(await meter.read()).toEqual({ ...reading, watts: expect.closeTo(25.35, 9) })
  })

  it.each([
    ['cards do not tell', 'echo "[N/A]"'],
    ['driver is not loaded', 'echo "NVIDIA-SMI has failed because it could not communicate" >&2; exit 9'],
  ])('is no meter where the %s', async (_why, shell) => {
    tree = new FileTree()
    expect(await findNvidia(nvidiaSmi(shell))).toBeUndefined()
  })

  it('is no meter where it is not installed', async () => {
    tree = new FileTree()
    expect(await findNvidia(missing)).toBeUndefined()
  })

  it('that fails later says what it said', async () => {
    tree = new FileTree()
    const meter = (await findNvidia(nvidiaSmi('echo 30.00')))!
    nvidiaSmi('echo "GPU is lost" >&2; exit 15')
    await expect(meter.read()).rejects.toMatchObject({
      code: 'E_POWER_ANSWER',
      where: expect.stringContaining('GPU is lost'),
    })
  })
})

describe('the meter of a node', () => {
  const rapl = {
    'class/powercap/intel-rapl:0/name': 'package-0',
    'class/powercap/intel-rapl:0/energy_uj': 0,
    'class/powercap/intel-rapl:0/max_energy_range_uj': 262_143_328_850,
  }
  const amdgpu = { 'class/hwmon/hwmon1/name': 'amdgpu', 'class/hwmon/hwmon1/power1_average': 6_000_000 }
  const ina3221 = {
    'class/hwmon/hwmon0/name': 'ina3221',
    'class/hwmon/hwmon0/in1_label': 'VDD_IN',
    'class/hwmon/hwmon0/in1_input': 5_000,
    'class/hwmon/hwmon0/curr1_input': 1_000,
  }
  const board = { 'class/hwmon/hwmon2/name': 'ina226', 'class/hwmon/hwmon2/power1_input': 4_000_000 }
  const wall = { 'class/hwmon/hwmon3/name': 'power_meter', 'class/hwmon/hwmon3/power1_average': 60_000_000 }

  it.each([
    ['that of its module', { ...ina3221, ...rapl }, 'ina3221 VDD_IN'],
    ['that of its board rather than of its chips', { ...board, ...rapl, ...amdgpu }, 'hwmon ina226'],
    ['that of the wall before all', { ...board, ...wall }, 'hwmon power_meter'],
    ['that of all its chips', { ...rapl, ...amdgpu }, 'rapl package-0 + hwmon amdgpu'],
    ['that of its only chip', rapl, 'rapl package-0'],
  ])('is %s', async (_what, files, source) => {
    tree = new FileTree(files)
    expect((await findNodeMeter({ sys: tree.root, nvidiaSmi: missing }))?.source).toBe(source)
  })

  it('counts a graphics card too', async () => {
    tree = new FileTree(rapl)
    const program = nvidiaSmi('echo 11.5')
    const meter = (await findNodeMeter({ sys: tree.root, nvidiaSmi: program }))!
    expect(await meter.read()).toMatchObject({
      watts: 11.5,
      source: 'rapl package-0 + nvidia-smi',
      basis: 'measured',
    })
  })

  it('is none where nothing measures', async () => {
    tree = new FileTree()
    expect(await findNodeMeter({ sys: tree.root, nvidiaSmi: missing })).toBeUndefined()
  })
})
