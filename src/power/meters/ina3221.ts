import { join } from 'node:path'
import type { Meter } from './meter.ts'
import { namesIn, readNumber, readText } from './sysfs.ts'

/** One rail of a sensor: what it is called and how its watts are read. */
interface Rail {
  readonly label: string
  watts(): Promise<number>
}

/** Rails through which the whole module is fed: VDD_IN on Orin, Xavier NX and TX2, POM_5V_IN on Nano. */
const inputRail = /^(VDD_IN|POM_5V_IN)$/
/** A channel that is wired to nothing. */
const unconnected = /^NC$/i

/**
 * The INA3221 sensors of a Jetson, in the layout of JetPack 4 (`iio`) or of JetPack 5 and later (`hwmon`); undefined
 * where there is none. Where a rail measures the module's input that is the reading, else the sum of all rails.
 *
 * @param sys the mount point of sysfs
 */
export async function findIna3221(sys = '/sys'): Promise<Meter | undefined> {
  const rails = [...(await hwmonRails(sys)), ...(await iioRails(sys))].filter(
    ({ label }) => !unconnected.test(label),
  )
  if (rails.length === 0) return undefined
  const input = rails.find(({ label }) => inputRail.test(label))
  const read = input ? [input] : rails
  const source = `ina3221 ${read.map(({ label }) => label).join(' + ')}`
  return {
    source,
    read: async (signal) => {
      signal?.throwIfAborted()
      const watts = await Promise.all(read.map((rail) => rail.watts()))
      return { watts: sum(watts), source, basis: 'measured', boundary: 'module' }
    },
  }
}

/** Millivolts times milliamperes. Channel 7 adds up shunt voltages, and belongs to no rail. */
async function hwmonRails(sys: string): Promise<Rail[]> {
  const rails: Rail[] = []
  for (const folder of await chipFolders(join(sys, 'class', 'hwmon'), /^ina3221/))
    for (const channel of [1, 2, 3]) {
      const label = await readText(join(folder, `in${channel}_label`))
      if (label === undefined) continue
      const millivolts = join(folder, `in${channel}_input`)
      const milliamperes = join(folder, `curr${channel}_input`)
      const watts = async () =>
        ((await readNumber(millivolts)) * (await readNumber(milliamperes))) / 1_000_000
      rails.push({ label, watts })
    }
  return rails
}

/** Folders of `class/hwmon` whose chip has such a name. */
async function chipFolders(parent: string, chip: RegExp): Promise<string[]> {
  const folders = (await namesIn(parent)).map((name) => join(parent, name))
  const names = await Promise.all(folders.map((folder) => readText(join(folder, 'name'))))
  return folders.filter((_folder, index) => chip.test(names[index] ?? ''))
}

/** Milliwatts, from the driver that Nvidia's kernel 4.9 has for these sensors. */
async function iioRails(sys: string): Promise<Rail[]> {
  const rails: Rail[] = []
  const devices = join(sys, 'bus', 'i2c', 'drivers', 'ina3221x')
  for (const device of (await namesIn(devices)).filter((name) => /^\d+-[0-9a-f]{4}$/.test(name)))
    for (const part of (await namesIn(join(devices, device))).filter((name) =>
      /^iio[:_]device\d+$/.test(name),
    )) {
      const folder = join(devices, device, part)
      for (const channel of [0, 1, 2]) {
        const label = await readText(join(folder, `rail_name_${channel}`))
        if (label === undefined) continue
        const milliwatts = join(folder, `in_power${channel}_input`)
        rails.push({ label, watts: async () => (await readNumber(milliwatts)) / 1_000 })
      }
    }
  return rails
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
