import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyBuild, replaceOnce } from './build-copy.ts'
import { defects } from './defects.ts'
import { projectFolder } from './project.ts'

describe('a defect that is planted', () => {
  it.each(defects)('$name is in the copy, and not in the build', async (defect) => {
    const build = await copyBuild(defect)
    try {
      const [{ file, replace }] = defect.changes.filter(({ replace: text }) => text !== '') as [
        (typeof defect.changes)[number],
      ]
      expect(await readFile(join(build.program, '../../dist', file), 'utf8')).toContain(replace)
      expect(await readFile(join(projectFolder, 'dist', file), 'utf8')).not.toContain(replace)
    } finally {
      await build.remove()
    }
    expect(existsSync(build.program)).toBe(false)
  })

  it('has to find its place once: neither nowhere nor twice', () => {
    expect(replaceOnce('a b', 'b', 'c $& $1', 'x')).toBe('a c $& $1')
    expect(() => replaceOnce('a', 'b', 'c', 'x.js')).toThrow('x.js has 0 places with: b')
    expect(() => replaceOnce('b b', 'b', 'c', 'x.js')).toThrow('x.js has 2 places')
  })
})
