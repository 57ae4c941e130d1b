import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { Secret, secretSetting, secretsIn, withoutSecrets } from './secret.ts'

describe('a secret', () => {
  const secret = new Secret('open sesame')

  it.each([
    ['a template', `${secret}`],
    ['JSON', JSON.stringify({ secret })],
    ['the console', inspect({ deep: [secret] }, { depth: 9, showHidden: true })],
    ['its own keys', JSON.stringify(Object.entries(secret))],
  ])('does not show in %s', (_where, text) => {
    expect(text).not.toContain('sesame')
  })

  it('is given away on demand', () => {
    expect(secret.reveal()).toBe('open sesame')
  })

  it('is read from the text, from the first line of a file and from the environment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'paceline-secret-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'password')
    writeFileSync(file, 'from a file\r\nand more\n')
    process.env.PACELINE_TEST_SECRET = 'from the environment'
    const read = (setting: unknown) => secretSetting.parse(setting).reveal()
    expect(read('itself')).toBe('itself')
    expect(read({ file })).toBe('from a file')
    expect(read({ env: 'PACELINE_TEST_SECRET' })).toBe('from the environment')
    delete process.env.PACELINE_TEST_SECRET
  })

  it.each([
    ['file', { file: '/nonexistent/password' }],
    ['environment variable', { env: 'PACELINE_NO_SUCH_SECRET' }],
  ])('that should be in a %s and is not is a fault of the settings', (what, setting) => {
    const { error } = secretSetting.safeParse(setting)
    expect(error?.issues[0]?.message).toBe(`the ${what} that should hold the secret is missing or empty`)
  })

  it('is found anywhere in settings', () => {
    const shape = z.object({ a: secretSetting, b: z.array(z.object({ c: secretSetting })), d: z.null() })
    const found = secretsIn(shape.parse({ a: 'one', b: [{ c: 'two' }], d: null }))
    expect(found.map((each) => each.reveal())).toEqual(['one', 'two'])
  })

  it('is masked in any text, plain, in a URL or in base64', () => {
    const difficult = new Secret('a b&c')
    const text = `plain a b&c, URL a%20b%26c, base64 ${Buffer.from('a b&c').toString('base64')}`
    expect(withoutSecrets(text, [difficult])).toBe('plain [secret], URL [secret], base64 [secret]')
  })

  it('that is part of another leaves no rest of it', () => {
    expect(withoutSecrets('password1', [new Secret('pass'), new Secret('password1')])).toBe('[secret]')
  })
})

it.each([
  ['as it is', (text: string) => text],
  ['in a URL', encodeURIComponent],
  ['in a query', (text: string) => new URL(`http://a/?b=${encodeURIComponent(text)}`).search.slice(3)],
  [
    'in a query in small letters',
    (text: string) => encodeURIComponent(text).replaceAll(/%../g, (hex) => hex.toLowerCase()),
  ],
  ['in a form', (text: string) => new URLSearchParams({ a: text }).toString().slice(2)],
  ['in JSON', (text: string) => JSON.stringify(text)],
  ['in JSON in JSON', (text: string) => JSON.stringify(JSON.stringify(text))],
  [
    'in JSON of letters only',
    (text: string) => text.replaceAll(/./gsu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  [
    'in HTML',
    (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  ],
  ['in a line without its blanks', (text: string) => text.trim().replaceAll(/\s+/g, ' ')],
  ['in base64', (text: string) => Buffer.from(text).toString('base64')],
])('is masked %s, whatever is in it', (_how, write) => {
  const text = `hunter2  "q&+/\\$(x)='[.*^]|-é<>%#?`
  const said = `wrong: ${write(text)}, try again`
  expect(said).toMatch(/^wrong: (?!\[secret\])/)
  expect(withoutSecrets(said, [new Secret(text)])).toMatch(/^wrong: ("|\\?")*\[secret\][\\"]*, try again$/)
})

it('leaves no part of it at the end of what is told', () => {
  const secret = new Secret('hunter2')
  for (let before = 370; before < 410; before += 1)
    expect(withoutSecrets(`${'-'.repeat(before)}hunter2`, [secret])).not.toContain('h')
  expect(withoutSecrets('-'.repeat(1_000), []).length).toBe(400)
})

it('of nothing but blanks does not mask all that there is', () => {
  expect(withoutSecrets('no such host', [new Secret('   ')])).toBe('no such host')
})

it('is masked in no time, whatever a device repeats', () => {
  const awkward = new Secret(`${'\\'.repeat(40)}x${'a'.repeat(200)}`)
  const began = performance.now()
  for (const said of [
    '\\'.repeat(2_000),
    'a'.repeat(2_000),
    '%5c'.repeat(600),
    `${'\\'.repeat(40)}x`.repeat(40),
  ])
    withoutSecrets(said, [awkward])
  expect(performance.now() - began).toBeLessThan(2_000)
})
