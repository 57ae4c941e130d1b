import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addDoctor } from '../../src/cli/commands/doctor.ts'
import { addEnergy } from '../../src/cli/commands/energy.ts'
import { addHead } from '../../src/cli/commands/head.ts'
import { addInstall } from '../../src/cli/commands/install.ts'
import { addNode } from '../../src/cli/commands/node.ts'
import { addObserved } from '../../src/cli/commands/observed.ts'
import { addPlan } from '../../src/cli/commands/plan.ts'
import { addStatus } from '../../src/cli/commands/status.ts'
import { addToken } from '../../src/cli/commands/token.ts'
import { addTranscode } from '../../src/cli/commands/transcode.ts'
import { addUninstall } from '../../src/cli/commands/uninstall.ts'
import { addUp } from '../../src/cli/commands/up.ts'
import { exitCodes as allExitCodes, exitCodeOf } from '../../src/cli/exit-codes.ts'
import { type ErrorCode, errorTable } from '../../src/errors.ts'

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

  it.each(Object.keys(errorTable) as ErrorCode[])('gives %s the exit code that it has', (code) => {
    const rows = exitCodes.split('\n').filter((line) => line.includes(`\`${code}\``))
    expect(rows.map((row) => Number(row.split('|')[1]))).toEqual([exitCodeOf(code)])
  })

  it('lists every exit code', () => {
    const listed = [...exitCodes.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    expect(listed).toEqual(Object.values(allExitCodes))
  })

  it('names no error code that the program does not have', () => {
    const named = [...exitCodes.matchAll(/`(E_[A-Z_]+)`/g)].map(([, code]) => code)
    expect(named.filter((code) => !Object.keys(errorTable).includes(code ?? ''))).toEqual([])
  })
})

describe.each([
  ['up', addUp],
  ['head', addHead],
  ['node', addNode],
  ['token', addToken],
  ['status', addStatus],
  ['energy', addEnergy],
  ['transcode', addTranscode],
  ['plan', addPlan],
  ['doctor', addDoctor],
  ['install', addInstall],
  ['uninstall', addUninstall],
  ['observed', addObserved],
])('the reference of paceline %s', (name, add) => {
  const program = new Command()
  add(program)
  const command = program.commands[0]
  const page = sections(read('docs/commands.md'), '##')
  const [, section = ''] = [...page].find(([heading]) => heading.startsWith(`\`paceline ${name}`)) ?? []

  it('lists its options, in any order, and no other', () => {
    const options = (command?.options ?? []).filter((option) => !option.hidden).map((option) => option.long)
    const listed = [...section.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, option]) => option)
    expect(command).toBeDefined()
    expect(listed.sort()).toEqual(options.sort())
  })

  it('names the variables that stand in for options', () => {
    const variables = (command?.options ?? []).flatMap((option) => option.envVar ?? [])
    expect(variables.filter((name) => !section.includes(`\`${name}\``))).toEqual([])
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
    const named = [...text.matchAll(/npm run ([a-z:-]+)/g)].map(([, script]) => script)
    expect(named.filter((script) => !scripts.includes(script ?? ''))).toEqual([])
  })
})
