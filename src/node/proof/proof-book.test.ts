import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { debianFacts } from '../../platforms/ffmpeg-words.ts'
import { nothingProved } from '../../platforms/proof.ts'
import type { PlatformProof } from '../../platforms/proof-result.ts'
import { silentLog } from '../log.ts'
import { fingerprintOf } from './machine-facts.ts'
import { createProofBook, type ProofBook } from './proof-book.ts'
import { openProofStore, usualProofFolder } from './proof-store.ts'
import type { proveMachine } from './prove-machine.ts'

const platform = (name: string, works = true, kept: string | null = null): PlatformProof => ({
  ...{ platform: name, rows: [], kept },
  capabilities: works ? nothingProved({ fingerprint: 'f', ffmpeg: debianFacts }) : null,
})

let folder: string
let ffmpeg: string
let books: ProofBook[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-book-'))
  ffmpeg = join(folder, 'ffmpeg')
  await writeFile(ffmpeg, '#!/bin/sh\necho ffmpeg version 7.1\n', { mode: 0o755 })
  books = []
})

afterEach(async () => {
  for (const book of books) await book.close()
  await rm(folder, { recursive: true, force: true })
})

/** A prover that says what it is told, one after the other. */
function prover(...all: (readonly PlatformProof[])[]) {
  let count = 0
  return vi.fn<typeof proveMachine>(async ({ machine, onProved }) => {
    const platforms = all[Math.min(count, all.length - 1)]!
    count += 1
    for (const each of platforms) onProved?.(each)
    return { fingerprint: fingerprintOf(machine), machine, platforms }
  })
}

function openBook(prove: typeof proveMachine, more: Partial<Parameters<typeof createProofBook>[0]> = {}) {
  const store = openProofStore(join(folder, 'proofs'))
  const book = createProofBook({ command: [ffmpeg], store, log: silentLog, quietMs: 0, prove, ...more })
  books.push(book)
  return book
}

const names = (book: ProofBook) => [...book.current().keys()]

/** Resolves when the book says that. */
const says = (book: ProofBook, wanted: readonly string[]) =>
  vi.waitFor(() => expect(names(book)).toEqual(wanted), { timeout: 5_000, interval: 10 })

describe('what a node has proved', () => {
  it('is nothing at first, then each platform as it is proved, and the head hears of it', async () => {
    let goOn: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const book = openBook(async ({ machine, onProved }) => {
      onProved?.(platform('nvidia'))
      await gate
      const platforms = [platform('nvidia'), platform('software')]
      return { fingerprint: fingerprintOf(machine), machine, platforms }
    })
    let changes = 0
    book.onChange(() => changes++)
    expect(names(book)).toEqual([])
    book.start()
    await says(book, ['nvidia'])
    expect(changes).toBe(1)
    goOn()
    await says(book, ['nvidia', 'software'])
  })

  it('leaves out what does not work, and what is not worth it', async () => {
    const book = openBook(
      prover([platform('nvidia', false), platform('vulkan', true, 'slow'), platform('software')]),
    )
    book.start()
    await says(book, ['software'])
  })

  it('is kept for the next start and for other nodes of the machine', async () => {
    const prove = prover([platform('software')])
    const first = openBook(prove)
    first.start()
    await says(first, ['software'])
    await first.close()
    const second = openBook(prove, { quietMs: 60_000 })
    second.start()
    await says(second, ['software'])
    expect(prove).toHaveBeenCalledTimes(1)
    expect(await readdir(join(folder, 'proofs'))).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)])
  })

  it('is proved by one node while others on the machine wait for it', async () => {
    const prove = vi.fn<typeof proveMachine>(async (options) => {
      await sleep(700)
      return prover([platform('software')])(options)
    })
    const [one, other] = [openBook(prove), openBook(prove)]
    one.start()
    other.start()
    await Promise.all([says(one, ['software']), says(other, ['software'])])
    expect(prove).toHaveBeenCalledTimes(1)
  })

  it('is proved anew when it is asked for, and what has gone is gone', async () => {
    const prove = prover(
      [platform('nvidia'), platform('software')],
      [platform('nvidia', false), platform('software')],
    )
    const book = openBook(prove)
    book.start()
    await says(book, ['nvidia', 'software'])
    await book.prove()
    expect(names(book)).toEqual(['software'])
    expect(prove).toHaveBeenCalledTimes(2)
  })

  it('is proved anew when ffmpeg has changed under a running node', async () => {
    const prove = prover([platform('nvidia')], [platform('software')])
    const book = openBook(prove, { lookMs: 100 })
    book.start()
    await says(book, ['nvidia'])
    await sleep(300)
    expect(prove).toHaveBeenCalledTimes(1)
    await utimes(ffmpeg, new Date(0), new Date(1_000))
    await says(book, ['software'])
    expect(prove).toHaveBeenCalledTimes(2)
  })

  it('is proved anew when what was kept cannot be read', async () => {
    const prove = prover([platform('software')])
    const first = openBook(prove)
    first.start()
    await says(first, ['software'])
    // It is told before it is kept.
    const kept = () => readdir(join(folder, 'proofs'))
    await vi.waitFor(async () => expect(await kept()).toEqual([expect.stringMatching(/\.json$/)]))
    const [name] = await kept()
    for (const broken of ['{', '{"fingerprint":"x"}', 'null', '[]'])
      await writeFile(join(folder, 'proofs', name!), broken)
    const second = openBook(prove)
    second.start()
    await says(second, ['software'])
    expect(prove).toHaveBeenCalledTimes(2)
  })

  it('stays empty when a proof fails as a whole, and the node goes on', async () => {
    const warnings: string[] = []
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) }
    const book = openBook(async () => Promise.reject(new Error('no room on the disk')), { log })
    await book.prove()
    expect(names(book)).toEqual([])
    expect(warnings).toEqual(['what this machine can do is not known'])
  })

  it('is given up when the node ends', async () => {
    const book = openBook(
      ({ signal, machine }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () =>
            resolve({ fingerprint: fingerprintOf(machine), machine, platforms: [platform('software')] }),
          )
        }),
    )
    book.start()
    await vi.waitFor(async () => expect(await readdir(join(folder, 'proofs'))).toHaveLength(1))
    await book.close()
    expect(names(book)).toEqual([])
    expect(await readdir(join(folder, 'proofs'))).toEqual([])
  })

  it('tells the prover when the node is at work', async () => {
    let busy = true
    const order: string[] = []
    const book = openBook(
      async (options) => {
        await options.manners?.whenIdle()
        order.push('proved')
        return prover([platform('software')])(options)
      },
      { isBusy: () => busy },
    )
    book.start()
    await sleep(300)
    expect(order).toEqual([])
    busy = false
    await says(book, ['software'])
  })

  it('is proved beside leases that go on and on, and again when it can be measured', async () => {
    let busy = true
    let times = 0
    const book = openBook(
      async (options) => {
        times += 1
        await options.manners?.whenIdle()
        expect(options.manners?.isDisturbed()).toBe(busy)
        expect(options.manners?.isBusy()).toBe(false)
        return prover([platform('software')])(options)
      },
      { isBusy: () => busy, patienceMs: 200, lookMs: 100 },
    )
    book.start()
    await says(book, ['software'])
    await sleep(400)
    expect(times).toBe(1)
    busy = false
    while (times < 2) await sleep(20)
    await sleep(400)
    expect(times).toBe(2)
    expect(book.current().has('software')).toBe(true)
  })
})

describe('where proofs are kept', () => {
  it('is with the caches of the user, unless it is said', () => {
    expect(usualProofFolder({ PACELINE_PROOFS: '/x' })).toBe('/x')
    expect(usualProofFolder({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/paceline/proofs')
    expect(usualProofFolder({})).toMatch(/\.cache\/paceline\/proofs$/)
  })

  it('is freed of a lock whose owner is gone for long', async () => {
    const store = openProofStore(folder)
    const release = await store.lock('f')
    expect(release).not.toBeNull()
    expect(await store.lock('f')).toBeNull()
    await utimes(join(folder, 'f.lock'), new Date(0), new Date(Date.now() - 600_000))
    const again = await store.lock('f')
    expect(again).not.toBeNull()
    await again?.()
    expect(await readdir(folder)).toEqual(['ffmpeg'])
  })
})
