import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findThermometers, readWarmest } from './temperature.ts'
import { type HealthWatch, watchHealth } from './watch-health.ts'

let folder: string
let watch: HealthWatch | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-health-'))
})

afterEach(async () => {
  watch?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function files(all: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const warmest = async () => readWarmest(await findThermometers(folder))

describe('how warm a machine is', () => {
  it('is its warmest sensor, of both kinds that Linux has', async () => {
    await files({
      'class/thermal/thermal_zone0/temp': '41000\n',
      'class/thermal/cooling_device0/temp': '99000\n',
      'class/hwmon/hwmon3/temp1_input': '52500\n',
      'class/hwmon/hwmon3/temp1_max': '95000\n',
    })
    expect(await warmest()).toBe(52.5)
  })

  it('leaves out sensors that are not connected, or say nothing', async () => {
    await files({
      'class/thermal/thermal_zone0/temp': '-274000\n',
      'class/thermal/thermal_zone1/temp': '',
      'class/thermal/thermal_zone2/temp': '255000\n',
      'class/thermal/thermal_zone3/temp': '39000',
    })
    expect(await warmest()).toBe(39)
  })

  it('is not known where there is none', async () => {
    expect(await warmest()).toBeUndefined()
  })
})

describe('the health of a node', () => {
  it('is its load and its temperature, as far as they can be read', async () => {
    await files({ 'class/thermal/thermal_zone0/temp': '41400\n', stat: 'cpu  30 0 10 50 10 0 0 0 0 0\n' })
    watch = watchHealth({ proc: folder, sys: folder, everyMs: 5 })
    const settled = async () => {
      while (watch?.told().health === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
      return watch.told()
    }
    expect(await settled()).toEqual({ health: { load: 0.4, celsius: 41 } })
    await files({ stat: 'cpu  120 0 10 60 10 0 0 0 0 0\n' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(watch.told().health?.load).toBe(0.9)
  })

  it('is not told where nothing can be read', async () => {
    watch = watchHealth({ proc: folder, sys: folder, everyMs: 5 })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(watch.told()).toEqual({})
  })
})
