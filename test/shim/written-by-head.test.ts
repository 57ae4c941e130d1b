import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openJobFiles } from '../../src/head/files/folder-files.ts'
import { createRoots } from '../../src/head/files/roots.ts'
import { type HandPlace, handPlace } from './hand-place.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

describe.each(shimBuilds)('A file that the head writes itself, and $name', (build) => {
  let place: HandPlace
  beforeEach(async () => {
    place = await handPlace(build)
  })
  afterEach(() => place.close())

  test('Half of it is removed when the job is not the head’s any more, and nothing else is', async () => {
    const { job, ended } = await place.start()
    const files = await openJobFiles(job, createRoots([place.folder]))
    await files.write(join(place.cwd, '.media-00001.ts.tmp'), Buffer.alloc(100_000, 'a'))
    await files.rename(join(place.cwd, '.media-00001.ts.tmp'), join(place.cwd, 'media-00001.ts'))
    await files.write(join(place.cwd, '.media-00002.ts.tmp'), Buffer.alloc(100_000, 'b'))
    expect((await readdir(place.cwd)).sort()).toEqual(['.media-00002.ts.tmp', 'media-00001.ts'])
    job.local('the head goes')
    await ended
    await files.close()
    expect(await readdir(place.cwd)).not.toContain('.media-00002.ts.tmp')
    expect(await readFile(join(place.cwd, 'media-00001.ts'), 'utf8')).toBe('a'.repeat(100_000))
  })
})
