import { afterEach, describe, expect, it } from 'vitest'
import { findIna3221 } from './ina3221.ts'
import { FileTree } from './testing/file-tree.ts'

let tree: FileTree
afterEach(() => tree.remove())

/** A channel as the kernel's driver shows it: millivolts and milliamperes. */
const channel = (
  folder: string,
  number: number,
  label: string,
  millivolts: number,
  milliamperes: number,
) => ({
  [`${folder}/in${number}_label`]: label,
  [`${folder}/in${number}_input`]: millivolts,
  [`${folder}/curr${number}_input`]: milliamperes,
})

/** Orin Nano and NX with JetPack 6; channel 7 adds up the shunt voltages. */
const orinNano = {
  'class/hwmon/hwmon0/name': 'tmp451',
  'class/hwmon/hwmon1/name': 'ina3221',
  ...channel('class/hwmon/hwmon1', 1, 'VDD_IN', 4_992, 1_016),
  ...channel('class/hwmon/hwmon1', 2, 'VDD_CPU_GPU_CV', 4_984, 184),
  ...channel('class/hwmon/hwmon1', 3, 'VDD_SOC', 4_984, 280),
  'class/hwmon/hwmon1/in7_label': 'sum of shunt voltages',
  'class/hwmon/hwmon1/in7_input': 7,
}

/** AGX Orin: two sensors, no rail for the whole, a channel wired to nothing. */
const agxOrin = {
  'class/hwmon/hwmon3/name': 'ina3221',
  ...channel('class/hwmon/hwmon3', 1, 'VDD_GPU_SOC', 19_000, 200),
  ...channel('class/hwmon/hwmon3', 2, 'VDD_CPU_CV', 19_000, 50),
  ...channel('class/hwmon/hwmon3', 3, 'VIN_SYS_5V0', 5_000, 600),
  'class/hwmon/hwmon4/name': 'ina3221',
  ...channel('class/hwmon/hwmon4', 1, 'NC', 0, 0),
  ...channel('class/hwmon/hwmon4', 2, 'VDDQ_VDD2_1V8AO', 5_000, 100),
  ...channel('class/hwmon/hwmon4', 3, 'NC', 4_000, 4_000),
}

/** Milliwatts, as JetPack 4 shows them. */
const iio = (device: string, rails: Readonly<Record<string, number>>, part = 'iio:device0') =>
  Object.fromEntries(
    Object.entries(rails).flatMap(([label, milliwatts], index) => [
      [`bus/i2c/drivers/ina3221x/${device}/${part}/rail_name_${index}`, label],
      [`bus/i2c/drivers/ina3221x/${device}/${part}/in_power${index}_input`, milliwatts],
    ]),
  )
const nano = iio('6-0040', { POM_5V_IN: 2_105, POM_5V_GPU: 41, POM_5V_CPU: 328 })
const tx2 = {
  ...iio('0-0040', { VDD_SYS_GPU: 153, VDD_SYS_SOC: 306, VDD_4V0_WIFI: 0 }),
  ...iio('0-0041', { VDD_IN: 2_711, VDD_SYS_CPU: 230, VDD_SYS_DDR: 480 }, 'iio_device1'),
}

describe('the INA3221 of a Jetson', () => {
  it.each([
    ['an Orin Nano with JetPack 6', orinNano, 5.071872, 'ina3221 VDD_IN'],
    ['a Nano with JetPack 4', nano, 2.105, 'ina3221 POM_5V_IN'],
    ['a TX2 with JetPack 4 and two sensors', tx2, 2.711, 'ina3221 VDD_IN'],
    [
      'an AGX Orin, whose rails are added up without the unconnected ones',
      agxOrin,
      8.25,
      'ina3221 VDD_GPU_SOC + VDD_CPU_CV + VIN_SYS_5V0 + VDDQ_VDD2_1V8AO',
    ],
  ])('on %s tells the watts of the module', async (_board, files, watts, source) => {
    tree = new FileTree(files)
    const reading = await (await findIna3221(tree.root))!.read()
    expect(reading).toEqual({
      watts: expect.closeTo(watts, 6),
      source,
      basis: 'measured',
      boundary: 'module',
    })
  })

  it('is read anew each time', async () => {
    tree = new FileTree(nano)
    const meter = (await findIna3221(tree.root))!
    tree.write(iio('6-0040', { POM_5V_IN: 9_800 }))
    expect((await meter.read()).watts).toBe(9.8)
  })

  it.each([
    ['machine without any sensor', {}],
    [
      'machine with other sensors',
      { 'class/hwmon/hwmon0/name': 'coretemp', 'class/hwmon/hwmon0/in1_label': 'VDD_IN' },
    ],
    [
      'sensor with nothing connected',
      { 'class/hwmon/hwmon0/name': 'ina3221', ...channel('class/hwmon/hwmon0', 1, 'NC', 1, 1) },
    ],
  ])('is not found on a %s', async (_what, files) => {
    tree = new FileTree(files)
    expect(await findIna3221(tree.root)).toBeUndefined()
  })

  it.each([
    ['words', 'class/hwmon/hwmon1/in1_input', 'Remote I/O error', 'not a number: Remote I/O error'],
    ['nothing', 'class/hwmon/hwmon1/curr1_input', '', 'not a number'],
  ])('that says %s instead of a number is not believed', async (_what, path, text, words) => {
    tree = new FileTree({ ...orinNano, [path]: text })
    await expect((await findIna3221(tree.root))!.read()).rejects.toMatchObject({
      code: 'E_POWER_ANSWER',
      where: expect.stringContaining(words),
    })
  })

  it('that has gone says so', async () => {
    tree = new FileTree(orinNano)
    const meter = (await findIna3221(tree.root))!
    tree.delete('class/hwmon/hwmon1')
    await expect(meter.read()).rejects.toMatchObject({ code: 'E_POWER_ANSWER' })
  })
})
