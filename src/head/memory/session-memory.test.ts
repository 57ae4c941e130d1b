import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { type CrewMemory, readMemory, type StandMemory } from './memory-files.ts'
import { openSessionMemory, type SessionMemory } from './session-memory.ts'

let parent: string
let crews: number
let troubles: unknown[]
let memory: SessionMemory
const own = () => join(parent, 's-1')

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'paceline-memory-'))
  crews = 0
  troubles = []
  memory = openSessionMemory({
    ...{ id: 's-1', folder: own(), clock: { seconds: () => 7 } },
    mark: { release: '1', boot: 'b', job: 'j', plan: 'p', demand: 1 },
    crew(): CrewMemory {
      crews += 1
      return { platforms: ['software'], look: `crew ${crews}`, ways: {}, parts: [] }
    },
    onTrouble: (error) => troubles.push(error),
  })
})
afterEach(async () => {
  await memory.close()
  await rm(parent, { recursive: true, force: true })
})

const stand = (next: number) => ({ next }) as unknown as StandMemory

describe('what is written of a session', () => {
  it('is there before its announcement may go out, with the time', async () => {
    expect(await memory.announcing(stand(4))).toBe('s-1 4')
    expect(await readMemory(own(), 'stand-4')).toEqual({ next: 4, atSeconds: 7 })
    expect(await readMemory(own(), 'mark')).toEqual({
      release: '1',
      boot: 'b',
      job: 'j',
      plan: 'p',
      demand: 1,
    })
  })

  it('keeps the stand before, and no older one', async () => {
    for (const next of [4, 5, 6]) await memory.announcing(stand(next))
    const stands = (await readdir(own())).filter((name) => name.startsWith('stand'))
    expect(stands.toSorted()).toEqual(['stand-5', 'stand-6'])
  })

  it('has the crew as it is a moment after it has changed, however often that is', async () => {
    for (let change = 0; change < 20; change += 1) memory.crewChanged()
    await eventually(async () => (await readMemory(own(), 'crew')) !== null)
    expect(await readMemory(own(), 'crew')).toEqual({
      ...{ platforms: ['software'], look: 'crew 1', ways: {}, parts: [] },
    })
    memory.crewChanged()
    await eventually(async () => ((await readMemory(own(), 'crew')) as CrewMemory).look === 'crew 2')
  })

  it('is no note where the disk does not take it, and the trouble is told once', async () => {
    await writeFile(own(), 'a file where the folder should be')
    expect(await memory.announcing(stand(4))).toBeNull()
    expect(await memory.announcing(stand(5))).toBeNull()
    expect(troubles).toHaveLength(1)
  })

  it('has the crew again when it changes after the disk did not take it', async () => {
    await writeFile(own(), 'a file where the folder should be')
    memory.crewChanged()
    await eventually(() => troubles.length === 1)
    await rm(own())
    memory.crewChanged()
    await eventually(async () => (await readMemory(own(), 'crew')) !== null)
  })

  it('is nothing any more once it is closed, so that its folder can go', async () => {
    await memory.announcing(stand(4))
    memory.crewChanged()
    await memory.close()
    await rm(own(), { recursive: true })
    memory.crewChanged()
    expect(await memory.announcing(stand(5))).toBeNull()
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await readdir(parent)).toEqual([])
    expect(troubles).toEqual([])
  })

  it('cannot be read when it was not written whole', async () => {
    await memory.announcing(stand(4))
    await writeFile(join(own(), 'crew'), Buffer.of(255, 15, 111, 34))
    expect(await readMemory(own(), 'crew')).toBeNull()
    expect(await readMemory(own(), 'stand-9')).toBeNull()
  })
})
