import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Cooler or hotter than any board that works: a sensor that says so is not connected. */
const plausible = { least: 1, most: 150 }

/** More sensors than that no board has. */
const mostSensors = 32

/**
 * Files that say how warm the machine is, in thousandths of a degree Celsius: thermal zones
 * (Documentation/ABI/testing/sysfs-class-thermal) and sensors of chips (Documentation/hwmon/sysfs-interface.rst).
 *
 * @param sys the mount point of sysfs
 */
export async function findThermometers(sys = '/sys'): Promise<readonly string[]> {
  const found = await Promise.all([
    filesIn(join(sys, 'class', 'thermal'), /^thermal_zone\d+$/, /^temp$/),
    filesIn(join(sys, 'class', 'hwmon'), /^hwmon\d+$/, /^temp\d+_input$/),
  ])
  return found.flat().slice(0, mostSensors)
}

/** The warmest of them, degrees Celsius; undefined where none tells. */
export async function readWarmest(paths: readonly string[]): Promise<number | undefined> {
  const read = await Promise.all(paths.map((path) => readFile(path, 'latin1').catch(() => '')))
  const degrees = read
    .filter((text) => /^-?\d+\s*$/.test(text))
    .map((text) => Number(text) / 1000)
    .filter((each) => each >= plausible.least && each <= plausible.most)
  return degrees.length === 0 ? undefined : Math.max(...degrees)
}

async function filesIn(folder: string, devices: RegExp, files: RegExp): Promise<string[]> {
  const names = (await list(folder)).filter((name) => devices.test(name))
  const inside = await Promise.all(
    names.map(async (name) => {
      const device = join(folder, name)
      return (await list(device)).filter((file) => files.test(file)).map((file) => join(device, file))
    }),
  )
  return inside.flat()
}

/** A machine without such a folder has no such sensors. */
const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
