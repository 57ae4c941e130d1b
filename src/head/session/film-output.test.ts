import { describe, expect, it } from 'vitest'
import { openFilmOutput } from './film-output.ts'
import type { FinishedSegment } from './output.ts'

const segment = (pieces: FinishedSegment['pieces']): FinishedSegment => ({
  ...{ segment: 0, bytes: Buffer.alloc(0), startSeconds: 0, endSeconds: 1, endAudioSeconds: 1 },
  ...{ endVideoSeconds: 1, frames: 25, last: false, ...(pieces && { pieces }) },
})

function outputOf(failing?: 'write' | 'writeAt') {
  const seen: string[] = []
  const step = (name: 'write' | 'writeAt' | 'remove', ...details: (string | number)[]) => {
    seen.push([name, ...details].join(' '))
    if (name === failing) throw Object.assign(new Error('no'), { code: 'EACCES' })
  }
  const output = openFilmOutput({
    path: '/versions/a film (2024).mp4.882',
    files: {
      write: async (_path, bytes) => step('write', bytes.length),
      writeAt: async (_path, position, bytes) => step('writeAt', position, bytes.length),
      remove: async (path) => step('remove', path),
    },
  })
  return { output, seen }
}

describe('a whole file', () => {
  it('is made at the beginning, and grows by what comes', async () => {
    const { output, seen } = outputOf()
    await output.opened()
    expect(output.sizeBytes).toBe(0)
    await output.publish(segment([{ position: 0, bytes: Buffer.alloc(10) }]))
    await output.publish(
      segment([
        { position: 10, bytes: Buffer.alloc(90) },
        { position: 4, bytes: Buffer.alloc(2) },
      ]),
    )
    expect(output.sizeBytes).toBe(100)
    await output.finish()
    expect(seen).toEqual(['write 0', 'writeAt 0 10', 'writeAt 10 90', 'writeAt 4 2'])
  })

  it('is made with the first segment where nobody opened it', async () => {
    const { output, seen } = outputOf()
    await output.publish(segment([{ position: 0, bytes: Buffer.alloc(1) }]))
    expect(seen).toEqual(['write 0', 'writeAt 0 1'])
  })

  it('is taken away when it fails, but not where it was never made', async () => {
    const { output, seen } = outputOf()
    await output.fail('x')
    expect(seen).toEqual([])
    await output.opened()
    await output.fail('x')
    expect(seen.at(-1)).toBe('remove /versions/a film (2024).mp4.882')
  })

  it('rejects with what the system says', async () => {
    await expect(outputOf('write').output.opened()).rejects.toMatchObject({ code: 'EACCES' })
    const { output } = outputOf('writeAt')
    await expect(output.publish(segment([{ position: 0, bytes: Buffer.alloc(1) }]))).rejects.toThrow('no')
  })
})
