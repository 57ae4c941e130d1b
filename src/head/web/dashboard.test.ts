import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DashboardFiles, readDashboard } from './dashboard-files.ts'
import { addDashboard, encodingFor } from './dashboard-routes.ts'

const script = 'console.log("paceline");'.repeat(200)

let folder: string
let files: DashboardFiles
let server: FastifyInstance

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-web-'))
  const web = join(folder, 'web')
  await mkdir(join(web, 'assets'), { recursive: true })
  await writeFile(join(web, 'index.html'), '<!doctype html><title>Paceline</title>')
  await writeFile(join(web, 'assets', 'index-BqX3fa9_.js'), script)
  await writeFile(join(web, 'assets', 'index-BqX3fa9_.js.map'), '{}')
  await writeFile(join(folder, 'api-token'), 'secret')
  files = await readDashboard(web)
  server = fastify()
  addDashboard(server, files)
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const get = (url: string, headers: Record<string, string> = {}) =>
  server.inject({ method: 'GET', url, headers })

describe('the files of the dashboard', () => {
  it('are all that a browser needs, and nothing for debuggers', () => {
    expect([...files.keys()].toSorted()).toEqual(['/assets/index-BqX3fa9_.js', '/index.html'])
  })

  it('are none where there is no such folder', async () => {
    expect((await readDashboard(join(folder, 'nowhere'))).size).toBe(0)
    const bare = fastify()
    addDashboard(bare, new Map())
    const answer = await bare.inject('/')
    expect([answer.statusCode, answer.body]).toEqual([404, expect.stringContaining('npm run build')])
  })
})

describe('how they are sent', () => {
  it('is the page at the root, asked for again each time', async () => {
    const answer = await get('/')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(answer.headers['cache-control']).toBe('no-cache')
    const again = await get('/', { 'if-none-match': String(answer.headers.etag) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  it('is compressed as the browser takes it', async () => {
    const path = '/assets/index-BqX3fa9_.js'
    const br = await get(path, { 'accept-encoding': 'gzip, deflate, br' })
    expect(br.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(br.rawPayload).toString()).toBe(script)
    const zipped = await get(path, { 'accept-encoding': 'gzip;q=0.8' })
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(script)
    const plain = await get(path)
    expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, script])
    expect(plain.headers['cache-control']).toContain('immutable')
  })

  it('is plain where compressing makes it larger', () => {
    const bodies = { identity: Buffer.alloc(3), gzip: Buffer.alloc(20), br: Buffer.alloc(7) }
    expect(encodingFor('br, gzip', bodies)).toBe('identity')
  })

  it.each([
    '/../api-token',
    '/assets/../../api-token',
    '/%2e%2e/api-token',
    '/assets/%2e%2e%2f%2e%2e%2fapi-token',
    '/..%5capi-token',
    '/assets//index-BqX3fa9_.js',
    '/api-token%00.html',
    '/assets',
    '/assets/index-BqX3fa9_.js.map',
    '/constructor',
    '/__proto__',
  ])('is nothing for %s', async (path) => {
    const answer = await get(path)
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.body).not.toContain('secret')
  })
})
