import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileEdges } from '../../src/cluster/file-edges.ts'
import { createPathMaps } from '../../src/node/path-map.ts'
import { createPathProver, provingShell } from '../../src/node/path-prover.ts'
import { childrenOf, commandLineOf } from './fixture.ts'

const run = promisify(execFile)
let folder: string
let silent: ChildProcess
let isMounted = false

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-hung-'))
  await mkdir(join(folder, 'silent'))
  const program = join(folder, 'hung-mount')
  await run('gcc', ['-O1', '-o', program, join(import.meta.dirname, 'hung-mount.c')])
  silent = spawn(program, [join(folder, 'silent')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(silent, 'exit').then(() => false)
  isMounted = await Promise.race([once(silent.stdout!, 'data').then(() => true), exited])
})

afterAll(async () => {
  if (isMounted) {
    // Its connection closed, the kernel answers all that wait with an error; the mount can then be taken away.
    silent.kill('SIGKILL')
    await once(silent, 'exit')
    await run('umount', ['-l', join(folder, 'silent')])
  }
  await rm(folder, { recursive: true, force: true })
})

it('a mount that hangs costs a lease its patience and one process its life', async (context) => {
  if (!isMounted) context.skip('only root may mount a filesystem here')
  const film = join(folder, 'film.mkv')
  await writeFile(film, Buffer.alloc(200_000, 'film'))
  const prover = createPathProver({ bound: [], limitMs: 1_000 })
  const rules = [
    { head: '/silent', here: join(folder, 'silent') },
    { head: '/media', here: folder },
  ]
  const said: string[] = []
  const maps = createPathMaps(rules, prover, { info: (_message, fields) => said.push(String(fields?.why)) })
  const proof = await fileEdges(film)
  const stuck = { url: '/', identity: 'stuck', path: '/silent/film.mkv', ...proof }
  const startedMs = performance.now()
  await maps.prove([stuck], 50)
  expect(performance.now() - startedMs).toBeLessThan(500)
  const looking = childrenOf(process.pid).filter((pid) => commandLineOf(pid).includes(provingShell[2]))
  expect(looking.length).toBeGreaterThan(0)
  // Meanwhile another disk is as quick as ever.
  const good = { url: '/', identity: 'good', path: '/media/film.mkv', ...proof }
  await maps.prove([good], 5_000)
  expect(maps.find(good)).toBe(film)
  await sleep(1_500)
  expect(maps.find(stuck)).toBeUndefined()
  expect(said).toContain('the disk did not answer')
  const left = childrenOf(process.pid).filter((pid) => looking.includes(pid) && commandLineOf(pid).length > 1)
  expect(left).toEqual([])
  await prover.close()
})
