import { afterEach, describe, expect, it } from 'vitest'
import { FileTree } from '../../power/meters/testing/file-tree.ts'
import { createProcessorShare, parseProcessorTicks } from './processor-share.ts'

let tree: FileTree | undefined
afterEach(() => tree?.remove())

describe('how busy the processors are', () => {
  it('is what they did since the question before', async () => {
    tree = new FileTree({ stat: 'cpu  100 0 100 800 0 0 0 0 0 0' })
    const share = createProcessorShare(tree.root)
    expect(await share()).toBeCloseTo(0.2)
    tree.write({ stat: 'cpu  175 0 100 825 0 0 0 0 0 0' })
    expect(await share()).toBeCloseTo(0.75)
    tree.write({ stat: 'cpu  175 0 100 925 0 0 0 0 0 0' })
    expect(await share()).toBe(0)
  })

  it('is as before where no tick has passed', async () => {
    tree = new FileTree({ stat: 'cpu  50 0 0 50 0 0 0 0 0 0' })
    const share = createProcessorShare(tree.root)
    await share()
    expect(await share()).toBeCloseTo(0.5)
  })

  it('counts waiting for a disk as rest, and a guest only once', () => {
    expect(parseProcessorTicks('cpu  10 1 2 30 40 3 4 5 10 0\ncpu0 1 2 3 4')).toEqual({ all: 95, idle: 70 })
  })

  it.each(['', 'intr 5', 'cpu  1 2', 'cpu  a b c d'])('is unknown where the kernel says %j', (text) => {
    expect(parseProcessorTicks(text)).toBeUndefined()
  })

  it('is unknown without a kernel that says it', async () => {
    expect(await createProcessorShare('/nonexistent')()).toBeUndefined()
  })
})
