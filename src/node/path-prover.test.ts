import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fileEdges } from '../cluster/file-edges.ts'
import { createPathProver, type PathProver, provingShell } from './path-prover.ts'

let folder: string
let prover: PathProver

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-prover-'))
})

afterEach(() => prover.close())
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Proving shells that this process has started and that have not ended. */
function shells(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
        return (
          Number(parent) === process.pid &&
          readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(provingShell[2])
        )
      } catch {
        // It ended while we looked.
        return false
      }
    })
}

async function untilNone(): Promise<void> {
  for (let tries = 0; shells().length > 0; tries += 1) {
    if (tries > 200) throw new Error(`still there: ${shells()}`)
    await sleep(10)
  }
}

describe('a look into a file from another process', () => {
  it.each([
    ['an empty one', 0],
    ['a tiny one', 3],
    ['one of exactly 64 KiB', 65_536],
    ['one a little longer', 65_537],
    ['one of which the middle does not count', 400_000],
  ])('sees what the head sees: %s', async (_what, size) => {
    prover = createPathProver({ bound: [], limitMs: 5_000 })
    const path = join(folder, `film-${size}`)
    await writeFile(path, Buffer.from(Array.from({ length: size }, (_, index) => (index * 31) % 256)))
    expect(await prover.prove(path)).toEqual(await fileEdges(path))
  })

  it.each(["it's", '$(touch x)', '-c', 'a b\n"c"', '`id`', 'ü*?'])(
    'takes the name %j as it is',
    async (name) => {
      prover = createPathProver({ bound: [], limitMs: 5_000 })
      await writeFile(join(folder, name), name)
      expect(await prover.prove(join(folder, name))).toEqual(await fileEdges(join(folder, name)))
    },
  )

  it('sees nothing where there is no file, or something else', async () => {
    prover = createPathProver({ bound: [], limitMs: 5_000 })
    await symlink('/nowhere', join(folder, 'broken'))
    for (const path of [join(folder, 'none'), join(folder, 'broken'), folder, '/dev/zero']) {
      expect(await prover.prove(path)).toEqual({ none: 'it is not here, or may not be read' })
    }
  })

  it('says of a file that may not be read nothing that could be true', async () => {
    prover = createPathProver({ bound: [], limitMs: 5_000 })
    const path = join(folder, 'closed')
    await writeFile(path, 'secret')
    const truth = await fileEdges(path)
    await chmod(path, 0)
    if (process.getuid?.() !== 0) expect(await prover.prove(path)).not.toEqual(truth)
  })
})

describe('a process that hangs', () => {
  it('is killed at the limit, with all that it has started, and the next look is another’s', async () => {
    prover = createPathProver({ bound: [], limitMs: 300 })
    const path = join(folder, 'film')
    await writeFile(path, 'film')
    const [stopped] = shells()
    process.kill(stopped!, 'SIGSTOP')
    const startedMs = performance.now()
    expect(await prover.prove(path)).toEqual({ none: 'the disk did not answer' })
    expect(performance.now() - startedMs).toBeGreaterThan(250)
    await sleep(50)
    expect(shells()).not.toContain(stopped)
    expect(await prover.prove(path)).toEqual(await fileEdges(path))
  })

  it('is none any more when the agent closes, whether it works or waits', async () => {
    prover = createPathProver({ bound: [], limitMs: 60_000 })
    const [stopped] = shells()
    process.kill(stopped!, 'SIGSTOP')
    void prover.prove(join(folder, 'x'))
    await prover.close()
    await untilNone()
  })
})
