import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiTokenPath, openApiToken } from './api-token.ts'

let parent: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'paceline-api-token-'))
})

afterEach(() => rm(parent, { recursive: true, force: true }))

describe('the key to the head’s API', () => {
  it('is made at the first start, for the head’s own user alone', async () => {
    const folder = join(parent, 'data')
    const token = await openApiToken(folder)
    expect(Buffer.from(token, 'base64url').length).toBe(24)
    expect((await stat(apiTokenPath(folder))).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('stays the same from then on', async () => {
    const token = await openApiToken(parent)
    expect(await openApiToken(parent)).toBe(token)
  })

  it('is another one for another head', async () => {
    expect(await openApiToken(join(parent, 'a'))).not.toBe(await openApiToken(join(parent, 'b')))
  })

  it('is never empty, whatever was left in its place', async () => {
    await writeFile(apiTokenPath(parent), ' \n')
    expect((await openApiToken(parent)).length).toBeGreaterThan(20)
  })
})
