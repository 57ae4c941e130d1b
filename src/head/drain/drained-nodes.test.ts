import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDrainedNodes } from './drained-nodes.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-drained-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const path = () => join(folder, 'drained.json')

describe('drained nodes', () => {
  it('are none in a new data folder, and no file is made for that', async () => {
    const drained = await openDrainedNodes(folder)
    expect(drained.has('n1')).toBe(false)
    await drained.set('n1', false)
    await expect(stat(path())).rejects.toThrow('ENOENT')
  })

  it('are still drained for the next head, until they are let work again', async () => {
    const drained = await openDrainedNodes(folder)
    await Promise.all([drained.set('n1', true), drained.set('n2', true), drained.set('n3', true)])
    await drained.set('n2', false)
    const next = await openDrainedNodes(folder)
    expect(['n1', 'n2', 'n3'].map(next.has)).toEqual([true, false, true])
    expect((await stat(path())).mode & 0o777).toBe(0o600)
  })

  it('are what they were when they cannot be written down', async () => {
    const drained = await openDrainedNodes(join(folder, 'not-there'))
    await expect(drained.set('n1', true)).rejects.toThrow('ENOENT')
    expect(drained.has('n1')).toBe(false)
  })

  it.each([['not JSON'], ['{"version":2,"nodes":[]}'], ['{"version":1}']])(
    'in a damaged file are not taken for none: %s',
    async (text) => {
      await writeFile(path(), text)
      await expect(openDrainedNodes(folder)).rejects.toThrow()
      expect(await readFile(path(), 'utf8')).toBe(text)
    },
  )
})
