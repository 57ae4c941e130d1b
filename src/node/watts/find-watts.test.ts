import { afterEach, describe, expect, it } from 'vitest'
import { FileTree } from '../../power/meters/testing/file-tree.ts'
import { silentLog } from '../log.ts'
import { findWatts } from './find-watts.ts'
import { machineModel } from './machine-model.ts'

const trees: FileTree[] = []
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove()
})

function treeOf(files: Readonly<Record<string, string | number>> = {}): string {
  const tree = new FileTree(files)
  trees.push(tree)
  return tree.root
}

const quarterBusy = { stat: 'cpu  25 0 0 75 0 0 0 0 0 0' }
const pi5 = { ...quarterBusy, 'device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0' }
const jetson = {
  'class/hwmon/hwmon0/name': 'ina3221',
  'class/hwmon/hwmon0/in1_label': 'VDD_IN',
  'class/hwmon/hwmon0/in1_input': 5_000,
  'class/hwmon/hwmon0/curr1_input': 1_000,
}
const model = { idleWatts: 4, busyWatts: 12, offWatts: 0 }
const nvidiaSmi = '/nonexistent/nvidia-smi'
const find = (proc: Record<string, string>, sys = {}, told?: typeof model) =>
  findWatts({ sys: treeOf(sys), proc: treeOf(proc), nvidiaSmi, model: told, log: silentLog })

describe('how a node learns its watts', () => {
  it('is by its sensor, whatever its owner and others say', async () => {
    const meter = await find(pi5, jetson, model)
    expect(await meter!.read()).toMatchObject({ watts: 5, basis: 'measured', boundary: 'module' })
  })

  it('is by what its owner says where there is no sensor, whatever is published', async () => {
    const meter = await find(pi5, {}, model)
    expect(await meter!.read()).toEqual({
      watts: 6,
      source: 'model, as told',
      basis: 'modelled',
      boundary: 'wall',
    })
  })

  it('is by what is published of such a board where nobody says anything', async () => {
    const meter = await find(pi5)
    expect(await meter!.read()).toMatchObject({
      watts: expect.closeTo(2.8 + (9.7 - 2.8) / 4, 6),
      source: 'model, published of Raspberry Pi 5',
      basis: 'modelled',
    })
  })

  it('knows a processor of which something is published', async () => {
    const meter = await find({ ...quarterBusy, cpuinfo: 'processor\t: 0\nmodel name\t: Intel(R) N100\n' })
    expect(meter?.source).toBe('model, published of N100')
  })

  it('is not at all where nothing is known', async () => {
    expect(await find({ ...quarterBusy, cpuinfo: 'model name\t: AMD EPYC' })).toBeUndefined()
  })

  it('warns of a sensor that does not tell, and goes on by the model', async () => {
    const warnings: string[] = []
    const broken = {
      ...jetson,
      'class/hwmon/hwmon1/name': 'board',
      'class/hwmon/hwmon1/power1_input': 'noise',
    }
    const { 'class/hwmon/hwmon0/name': _, ...rest } = broken
    const meter = await findWatts({
      ...{ sys: treeOf(rest), proc: treeOf(pi5), nvidiaSmi, model },
      log: { ...silentLog, warn: (message) => void warnings.push(message) },
    })
    expect(meter?.source).toBe('model, as told')
    expect(warnings).toEqual(['this machine has a meter that does not tell'])
  })

  it('says so where the kernel does not tell how busy it is', async () => {
    const meter = await find({ 'device-tree/model': 'Raspberry Pi 4 Model B' })
    await expect(meter!.read()).rejects.toMatchObject({ code: 'E_POWER_ANSWER' })
  })
})

describe('a machine', () => {
  it('has no name where the kernel gives none', async () => {
    expect(await machineModel('/nonexistent')).toBe('')
  })

  it('calls itself as its board, else as its processor', async () => {
    const cpuinfo = 'model name\t: Some CPU\nmodel name\t: Some CPU'
    expect(await machineModel(treeOf({ cpuinfo }))).toBe('Some CPU')
    expect(await machineModel(treeOf({ cpuinfo, 'device-tree/model': 'A board\0' }))).toBe('A board')
  })
})
