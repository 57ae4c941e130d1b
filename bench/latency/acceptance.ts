import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { FrameReader, frameTypes, fromHead } from '../../src/head/door/frame.ts'
import { plainEnvironment, shimProgram, start } from '../programs.ts'
import type { BenchRow } from '../row.ts'
import { jobArguments } from './film-job.ts'

/**
 * Milliseconds from before the spawn of the shim until the head's `accept` is on its way to it. The connection goes
 * by way of this process to see that frame, so the real time is a little shorter.
 */
export async function measureAcceptance(
  clip: string,
  row: BenchRow,
  serverUrl: string,
  folder: string,
): Promise<number> {
  const directory = await mkdtemp(join(folder, 'accept-'))
  const path = join(directory, 'door')
  const relay = createServer()
  const accepted = new Promise<number>((resolve, reject) => {
    relay.on('connection', (shim) => {
      const head = connect(row.head.replace(/^unix:/, ''))
      const reader = new FrameReader(fromHead)
      head.on('data', (chunk: Buffer) => {
        const at = performance.now()
        for (const { type } of reader.read(chunk)) {
          if (type === frameTypes.accept) resolve(at)
          else if (type === frameTypes.local) reject(new Error('the head left the job to the original'))
        }
        shim.write(chunk)
      })
      shim.pipe(head)
      shim.on('close', () => head.destroy())
      for (const end of [shim, head]) end.on('error', reject)
    })
  })
  await new Promise<void>((listening) => relay.listen(path, listening))
  const startedAt = performance.now()
  const child = start([shimProgram, ...jobArguments(clip, serverUrl)], {
    cwd: directory,
    stdio: 'ignore',
    env: { ...plainEnvironment(), PACELINE_HEAD: `unix:${path}`, PACELINE_ORIGINAL: '/bin/false' },
  })
  const closed = once(child, 'close')
  try {
    return (await accepted) - startedAt
  } finally {
    child.kill('SIGKILL')
    await closed
    relay.close()
    await rm(directory, { recursive: true, force: true })
  }
}
