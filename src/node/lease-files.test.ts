import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GrantOrder, LeaseFile } from '../cluster/messages.ts'
import { type LeaseFiles, openLeaseFiles } from './lease-files.ts'

let folder: string
let files: LeaseFiles
/** What the head has at each address, and the addresses that were asked for. */
let served: Map<string, Buffer>
let asked: string[]

const client = {
  async request({ path, headers }: { path: string; headers: Record<string, unknown> }) {
    asked.push(`${path} ${headers.range}`)
    const body = served.get(path)
    return Object.assign(Readable.from(body ? [body] : []), {
      statusCode: body ? 206 : 410,
    }) as unknown as IncomingMessage
  },
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-lease-files-'))
  writeFileSync(join(folder, 'left'), 'by a former process')
  served = new Map()
  asked = []
  files = await openLeaseFiles({ folder, client, keptBytes: 20 })
})

afterEach(async () => {
  await files.close()
  rmSync(folder, { recursive: true, force: true })
})

function file(use: LeaseFile['use'], url: string, content: string): LeaseFile {
  const bytes = Buffer.from(content)
  served.set(url, bytes)
  return { use, url, size: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') }
}

function order(attempt: string, ...wanted: LeaseFile[]): GrantOrder {
  const common = { type: 'grant', session: 's', part: 'video', from: 0, to: 1, until: 1 } as const
  return { ...common, attempt, args: [], inputs: [], files: wanted }
}

async function placed(grant: GrantOrder): Promise<{ text: string; fonts: string }> {
  await files.fetch(grant)
  const result = files.of(grant)
  if (!result || result instanceof Error) throw result ?? new Error('nothing was fetched')
  return result
}

describe('files of a lease', () => {
  test('lie in a folder of their own, whole, and go with it', async () => {
    const grant = order('a', file('text', '/1', 'words'), file('font', '/2', 'letters'))
    const { text, fonts } = await placed(grant)
    expect(readFileSync(text, 'utf8')).toBe('words')
    expect(readdirSync(fonts).map((name) => readFileSync(join(fonts, name), 'utf8'))).toEqual(['letters'])
    expect(asked).toEqual(['/1 bytes=0-4', '/2 bytes=0-6'])
    expect(statSync(text).mode & 0o077).toBe(0)
    await files.drop('a')
    expect(existsSync(dirname(text))).toBe(false)
    expect(files.of(grant)).toBeUndefined()
  })

  test('are nothing to wait for where there are none, or they are there already', async () => {
    const without = { ...order('a'), files: [] }
    expect(files.fetch(without)).toBeNull()
    expect(files.of(without)).toBeUndefined()
    const grant = order('b', file('text', '/1', 'words'))
    await files.fetch(grant)
    expect(files.fetch(grant)).toBeNull()
  })

  test('may be empty', async () => {
    expect(readFileSync((await placed(order('a', file('text', '/1', '')))).text, 'utf8')).toBe('')
    expect(asked).toEqual([])
  })

  test('are found nowhere else after the start, and nowhere after the end', async () => {
    expect(readdirSync(folder)).toEqual([])
    await placed(order('a', file('font', '/1', 'letters')))
    await files.close()
    expect(existsSync(folder)).toBe(false)
  })
})

describe('fonts', () => {
  test('are fetched once for all leases, also for two at a time', async () => {
    const font = file('font', '/1', 'letters')
    await Promise.all([placed(order('a', font)), placed(order('b', font))])
    await files.drop('a')
    await files.drop('b')
    const { fonts } = await placed(order('c', { ...font, url: '/elsewhere' }))
    expect(readdirSync(fonts)).toHaveLength(1)
    expect(asked).toEqual(['/1 bytes=0-6'])
  })

  test('make room for others, and stay where a lease has them', async () => {
    const first = file('font', '/1', 'a'.repeat(15))
    const { fonts } = await placed(order('a', first))
    await placed(order('b', file('font', '/2', 'b'.repeat(15))))
    expect(readFileSync(join(fonts, readdirSync(fonts)[0]!), 'utf8')).toBe('a'.repeat(15))
    await placed(order('c', first))
    expect(asked).toHaveLength(3)
  })
})

describe('files that cannot be had', () => {
  const failure = async (grant: GrantOrder) => {
    await files.fetch(grant)
    return files.of(grant)
  }

  test('are told as the reason', async () => {
    const gone = { ...file('text', '/1', 'words'), url: '/gone' }
    expect(await failure(order('a', gone))).toMatchObject({ message: expect.stringContaining('410') })
  })

  test('are those that are not what the order says', async () => {
    const font = file('font', '/1', 'letters')
    served.set('/1', Buffer.from('Letters'))
    expect(await failure(order('a', font))).toMatchObject({ message: expect.stringContaining('not what') })
    served.set('/1', Buffer.from('letters'))
    expect(await failure(order('b', font))).not.toBeInstanceOf(Error)
  })
})
