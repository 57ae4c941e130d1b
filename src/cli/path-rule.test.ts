import { describe, expect, it } from 'vitest'
import { parsePathRule } from './path-rule.ts'

describe('the value of --map', () => {
  it('is two absolute folders', () => {
    expect(parsePathRule('/=/')).toEqual({ head: '/', here: '/' })
    expect(parsePathRule('/data/films=/mnt/nas/films')).toEqual({
      head: '/data/films',
      here: '/mnt/nas/films',
    })
    expect(parsePathRule('films=/mnt')).toBeNull()
    expect(parsePathRule('/films')).toBeNull()
  })
})
