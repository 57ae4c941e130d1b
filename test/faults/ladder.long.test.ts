import { describe, expect, it } from 'vitest'
import { cardCapabilities } from './chip-node.ts'
import { startNodeByHand } from './hand-started-node.ts'
import { setLadderStage, ways } from './ladder-stage.ts'

const { chipNode, watchFilm, keptOff, paceline } = setLadderStage()

describe('a node whose card works', () => {
  it('makes the film on it, from the first picture to the last', async () => {
    const node = await chipNode('nothing')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1'])
    expect(await keptOff()).toEqual([])
  })

  it('but for its encoder shares a film with a processor, without a seam', async () => {
    const software = await startNodeByHand(paceline(), 'processor', 'exec ffmpeg -readrate 4 "$@"')
    try {
      const node = await chipNode('nothing', { ...cardCapabilities, encoders: [] })
      await watchFilm(40)
      expect(await ways(node)).toEqual(['1 1 0'])
      const { stdout } = await paceline().run('status', '--json')
      const { recent } = JSON.parse(stdout) as { recent: { ways: Record<string, string[]> }[] }
      expect(recent.at(-1)?.ways).toEqual({ nothing: ['nvidia:decode-filter'], processor: ['software'] })
    } finally {
      await software.close()
    }
  })
})

describe('a node that is alone goes on by another way, and the viewer has the whole film, when', () => {
  it('the decoder cannot', async () => {
    const node = await chipNode('the decoder cannot')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1', '0 1 1'])
    expect(await keptOff()).toEqual([
      'nvidia:full: Failed setup for format cuda',
      'nvidia:copy-back: Failed setup for format cuda',
    ])
  })

  it('the filter makes pictures of another size', async () => {
    const node = await chipNode('the filter makes pictures of another size')
    await watchFilm(8)
    expect(await ways(node)).toEqual(['1 1 1', '1 0 1'])
    expect(await keptOff()).toEqual([expect.stringMatching(/^nvidia:full: segment 0 was refused: .*160/)])
  })

  it('the encoder hangs', async () => {
    const node = await chipNode('the encoder hangs')
    await watchFilm(8)
    expect((await ways(node)).at(-1)).toBe('1 1 0')
    const off = await keptOff()
    expect(off).toHaveLength(3)
    for (const each of off) expect(each).toContain('E_ENCODER_HUNG')
  })

  it('the encoder is slower than it was proved to be, and it proves itself', async () => {
    const node = await chipNode('the encoder is slower than it was proved to be')
    await watchFilm(8)
    expect((await ways(node)).at(-1)).toBe('1 1 0')
    const off = await keptOff()
    expect(off.length).toBeGreaterThan(0)
    for (const each of off) expect(each).toMatch(/E_ENCODER_SLOW: ffmpeg makes \d+\.\d pictures a second/)
    await expect.poll(() => node.proofs, { timeout: 60_000 }).toBeGreaterThan(0)
    await expect.poll(keptOff, { timeout: 60_000 }).toEqual([])
  })
})
