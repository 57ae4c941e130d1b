import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemFailure } from './system-failure.ts'

const folder = mkdtempSync(join(tmpdir(), 'paceline-system-failure-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const listen = (port: number, host: string) =>
  new Promise<ReturnType<typeof createServer> | Error>((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen(port, host, () => resolve(server))
  })

const thrownBy = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return error
  }
}

describe('what the system refuses', () => {
  it('is a port that somebody else has', async () => {
    const first = await listen(0, '127.0.0.1')
    if (first instanceof Error) throw first
    const { port } = first.address() as { port: number }
    const failure = systemFailure(await listen(port, '127.0.0.1'))
    first.close()
    expect(failure).toMatchObject({
      code: 'E_LISTEN',
      where: `127.0.0.1 port ${port}: something else has this port`,
    })
  })

  it('is an address that is not of this machine', async () => {
    // A block for documentation (RFC 5737): nobody has it.
    expect(systemFailure(await listen(0, '203.0.113.7'))).toMatchObject({
      code: 'E_LISTEN',
      where: expect.stringContaining('it is no address of this machine'),
    })
  })

  it('is a name that nobody knows', () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND attic'), {
      ...{ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'attic' },
    })
    expect(systemFailure(error)).toMatchObject({ code: 'E_LISTEN', where: 'attic: nobody knows this name' })
  })

  it('is a folder in the place of a file, and a file in the place of a folder', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(systemFailure(thrownBy(() => readFileSync(join(file, 'below'))))).toMatchObject({
      code: 'E_FILE',
      where: `${join(file, 'below')}: something on the way is no folder`,
    })
    expect(systemFailure(thrownBy(() => readFileSync(folder)))).toMatchObject({
      code: 'E_FILE',
      where: expect.stringContaining('it is a folder'),
    })
  })

  it.each([
    ['EACCES', 'permission denied'],
    ['EROFS', 'its disk can only be read'],
    ['ENOSPC', 'its disk is full'],
  ])('is said in words: %s', (code, said) => {
    const error = Object.assign(new Error(code), { code, syscall: 'mkdir', path: '/data' })
    expect(systemFailure(error)).toMatchObject({ code: 'E_FILE', where: `/data: ${said}` })
    const written = Object.assign(new Error(code), { code, syscall: 'write' })
    expect(systemFailure(written)).toMatchObject({ code: 'E_FILE', where: `in a write: ${said}` })
  })
})

describe('what may be a fault of ours', () => {
  it.each([
    ['a bug', new TypeError('undefined is not a function')],
    ['a file that should be there', thrownBy(() => readFileSync(join(folder, 'missing')))],
    ['a code without a place', Object.assign(new Error('no'), { code: 'EACCES' })],
    ['no error at all', 'EACCES'],
  ])('is left as it is: %s', (_what, error) => {
    expect(systemFailure(error)).toBeNull()
  })
})
