import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runPaceline, startPaceline } from '../fixture/paceline.ts'

describe.skipIf(process.getuid!() !== 0)('A head that root starts for another user (needs root)', () => {
  it('is that user’s from the start, with all that it keeps, and still does its work', async () => {
    const paceline = await startPaceline({ nodes: 1, args: ['--user', 'nobody'] })
    onTestFinished(() => paceline.stop().then(() => undefined))
    const { pid } = JSON.parse(readFileSync(join(paceline.dataFolder, 'head.json'), 'utf8')) as {
      pid: number
    }
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m)
    expect((await stat(join(paceline.dataFolder, 'head.json'))).uid).toBe(65_534)
    expect((await paceline.run('status', '--json')).exit).toBe(0)
  })

  it('does not start for nobody that there is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'paceline-user-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const { exit, stderr } = await runPaceline('--data', folder, 'head', '--user', 'no-such-user')
    expect([exit, stderr]).toEqual([1, expect.stringContaining('cannot run as this user')])
  })
})
