import { describe, expect, it } from 'vitest'
import { setLadderStage, ways } from './ladder-stage.ts'

const { chipNode, watchFilm, keptOff, paceline } = setLadderStage()

describe('a node that is alone goes on by another way, and the viewer has the whole film, when', () => {
  it('the encoder dies after some pictures', async () => {
    const node = await chipNode('the encoder dies after some pictures')
    await watchFilm(12)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1', '0 1 1', '1 1 0'])
    const off = await keptOff()
    expect(off.map((each) => each.split(': ')[0])).toEqual([
      'nvidia:full',
      'nvidia:copy-back',
      'nvidia:upload',
    ])
    expect(paceline().log()).toContain('E_RUNG_FAILED')
    expect(paceline().log()).toMatch(/"way":"nvidia:decode-filter".*a node makes pictures/)
    const { stdout } = await paceline().run('status')
    expect(stdout).toContain('kept off "nvidia:full: h264 8-bit, scale to h264"')
  })

  it('the encoder makes black pictures, of which not one is announced', async () => {
    const node = await chipNode('the encoder makes black pictures')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1', '0 1 1', '1 1 0'])
    const off = await keptOff()
    expect(off).toHaveLength(3)
    for (const each of off) expect(each).toMatch(/: E_PICTURE_WRONG: segment 0: its picture is of one colour/)
  })
})
