import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const script = resolve(import.meta.dirname, '../../native/shim/fuzz/run.sh')

describe('Garbage for the shim', () => {
  it('finds nothing in five seconds that the sanitizers mind, and reaches most of the code', async () => {
    const seed = String(Math.floor(Math.random() * 2 ** 31))
    const { stdout } = await promisify(execFile)('sh', [script, '--seconds', '5', '--seed', seed])
    const said = /^(\d+) inputs, (\d+) places reached, \d+ inputs kept, no finding\n$/.exec(stdout)
    expect(said, `seed ${seed}: ${stdout}`).not.toBeNull()
    expect(Number(said![1])).toBeGreaterThan(1_000)
    expect(Number(said![2])).toBeGreaterThan(500)
  })
})
