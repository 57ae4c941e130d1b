import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { errorTable } from '../../src/errors.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

/** A page's parts by heading of one level. */
function sections(text: string, level: string): Map<string, string> {
  const parts = `\n${text}`.split(`\n${level} `).slice(1)
  return new Map(
    parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n'))]),
  )
}

/** The anchor that a heading gets on the usual sites. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading.trim()))

describe('docs/errors.md', () => {
  const page = sections(read('docs/errors.md'), '##')

  it('has a section for each error code, in the order of the table, and no other', () => {
    expect([...page.keys()]).toEqual(Object.keys(errorTable))
  })

  it.each(Object.entries(errorTable))(
    'says of %s what the program says, why, and what to do',
    (code, row) => {
      const section = page.get(code) ?? ''
      const [cause = '', remedy = ''] = section.trim().split('\n\n')
      expect(cause.replaceAll('\n', ' ')).toContain(`**${row.what}`)
      expect(cause.length).toBeGreaterThan(row.what.length + 40)
      expect(remedy).toMatch(/^\*Remedy:\* /)
    },
  )
})

describe('docs/commands.md', () => {
  const exitCodes = sections(read('docs/commands.md'), '##').get('Exit codes') ?? ''

  it.each(Object.keys(errorTable))('gives %s one exit code', (code) => {
    expect(exitCodes.split('\n').filter((line) => line.includes(`\`${code}\``))).toHaveLength(1)
  })

  it('names no error code that the program does not have', () => {
    const named = [...exitCodes.matchAll(/`(E_[A-Z_]+)`/g)].map(([, code]) => code)
    expect(named.filter((code) => !Object.keys(errorTable).includes(code ?? ''))).toEqual([])
  })
})

describe.each(documents)('%s', (path) => {
  const text = read(path)
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(
    ([, file = '', anchor]) => ({
      file: file === '' ? path : join(dirname(path), file),
      anchor,
    }),
  )

  it('links only to what is there', () => {
    expect(links.map(({ file }) => file).filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it('links only to headings that are there', () => {
    const lost = links.filter(
      ({ file, anchor }) => anchor !== undefined && !anchorsOf(read(file)).includes(anchor),
    )
    expect(lost).toEqual([])
  })

  it('names only scripts that package.json has', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
    const named = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, script]) => script)
    expect(named.filter((script) => !scripts.includes(script ?? ''))).toEqual([])
  })
})
