import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJoinTokens } from './join-tokens.ts'

let folder: string
let nowSeconds: number
let boot: string

const clock = {
  seconds: () => nowSeconds,
  get boot() {
    return boot
  },
}
const open = () => openJoinTokens(folder, clock)
const [one, other] = ['1'.repeat(64), '2'.repeat(64)]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-join-'))
  nowSeconds = 1_000
  boot = 'boot-1'
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a join token', () => {
  it('lets in one node, and the same one again', async () => {
    const tokens = await open()
    const { id, secret } = await tokens.issue('loft', 3_600)
    expect(await tokens.redeem(id, secret, one)).toEqual({ ok: true, name: 'loft', settled: false })
    await tokens.settle(id)
    expect(await tokens.redeem(id, secret, one)).toEqual({ ok: true, name: 'loft', settled: true })
    expect(await tokens.redeem(id, secret, other)).toEqual({ ok: false, code: 'E_TOKEN_USED' })
  })

  it('lets in one of two that come at once', async () => {
    const tokens = await open()
    const { id, secret } = await tokens.issue(null, 3_600)
    const both = await Promise.all([tokens.redeem(id, secret, one), tokens.redeem(id, secret, other)])
    expect(both).toEqual([
      { ok: true, name: null, settled: false },
      { ok: false, code: 'E_TOKEN_USED' },
    ])
  })

  it.each([
    ['a token that nobody gave out', 'j000000000000', undefined],
    ['a secret that is another', undefined, 'guess'.repeat(7)],
    ['no secret', undefined, ''],
  ])('is not %s, and is not used up by it', async (_what, id, secret) => {
    const tokens = await open()
    const issued = await tokens.issue(null, 3_600)
    expect(await tokens.redeem(id ?? issued.id, secret ?? issued.secret, one)).toEqual({
      ok: false,
      code: 'E_TOKEN_INVALID',
    })
    expect(await tokens.redeem(issued.id, issued.secret, one)).toMatchObject({ ok: true })
  })

  it('is good to the second', async () => {
    const tokens = await open()
    const { id, secret } = await tokens.issue(null, 3_600)
    nowSeconds += 3_600
    expect(await tokens.redeem(id, secret, one)).toEqual({ ok: false, code: 'E_TOKEN_EXPIRED' })
    nowSeconds -= 0.01
    expect(await tokens.redeem(id, secret, one)).toMatchObject({ ok: true })
  })
})

describe('a head that starts again', () => {
  it('knows the tokens of before, with what is left of their time', async () => {
    const issued = await (await open()).issue('loft', 3_600)
    nowSeconds += 3_599
    const again = await open()
    expect(await again.redeem(issued.id, issued.secret, one)).toMatchObject({ ok: true, name: 'loft' })
    nowSeconds += 1
    expect(await (await open()).redeem(issued.id, issued.secret, one)).toMatchObject({
      code: 'E_TOKEN_EXPIRED',
    })
  })

  it('knows who has used them', async () => {
    const before = await open()
    const { id, secret } = await before.issue(null, 3_600)
    await before.redeem(id, secret, one)
    await before.settle(id)
    const again = await open()
    expect(await again.redeem(id, secret, other)).toEqual({ ok: false, code: 'E_TOKEN_USED' })
    expect(await again.redeem(id, secret, one)).toMatchObject({ settled: true })
  })

  it('takes none of an earlier run of the machine, whatever its clock says now', async () => {
    const issued = await (await open()).issue(null, 3_600)
    boot = 'boot-2'
    nowSeconds = 5
    const again = await open()
    expect(await again.redeem(issued.id, issued.secret, one)).toEqual({ ok: false, code: 'E_TOKEN_EXPIRED' })
    await again.issue(null, 60)
    expect(await (await open()).redeem(issued.id, issued.secret, one)).toMatchObject({
      code: 'E_TOKEN_EXPIRED',
    })
  })
})

describe('the file', () => {
  it('is its owner’s alone and holds no secret', async () => {
    const { secret } = await (await open()).issue(null, 3_600)
    const path = join(folder, 'join-tokens.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).not.toContain(secret)
  })

  it('does not grow for ever', async () => {
    const tokens = await open()
    const first = await tokens.issue(null, 3_600)
    for (let n = 0; n < 200; n++) await tokens.issue(null, 3_600)
    expect(await tokens.redeem(first.id, first.secret, one)).toMatchObject({ code: 'E_TOKEN_INVALID' })
    expect((await readFile(join(folder, 'join-tokens.json'), 'utf8')).length).toBeLessThan(100_000)
  }, 60_000)
})
