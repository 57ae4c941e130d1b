import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** What of the repository itself is tried on the fixture. */
const machinery = [
  'scripts',
  'bin',
  '.ci',
  '.gitignore',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'biome.json',
  'vitest.config.ts',
  'web/tsconfig.json',
  'web/vite.config.ts',
]

const sources: Record<string, string> = {
  'src/cli/main.ts': `import { greeting } from './greeting.ts'

console.log(greeting, JSON.stringify(process.argv.slice(2)), process.cwd())
const stayMs = Number(process.env.STAY_MS ?? 0)
if (stayMs > 0) {
  console.log('staying', process.pid)
  setTimeout(() => {}, stayMs)
}
process.exitCode = Number(process.env.EXIT_CODE ?? 0)
`,
  'src/cli/greeting.ts': `export const greeting = 'up and running'\n`,
  'src/cli/greeting.test.ts': `import { expect, it } from 'vitest'
import { greeting } from './greeting.ts'

it('greets', () => expect(greeting).toBe('up and running'))
it.skip('greets in Welsh', () => expect(greeting).toBe('ar waith'))
`,
  'web/index.html': `<!doctype html>
<title>Sample</title>
<script type="module" src="/src/main.ts"></script>
`,
  'web/src/main.ts': `document.title = 'up and running'\n`,
  'native/shim/Makefile': `build/paceline-shim: shim.c
\tmkdir -p build && cc -o $@ $<
`,
  'native/shim/shim.c': 'int main(void) { return 0; }\n',
}

/** A project as small as can be around the repository's own scripts, in a temporary folder. */
export interface FixtureProject {
  readonly root: string
  /** Creates or replaces a file. */
  write(path: string, text: string): void
  remove(): void
}

/** @returns a fixture that shares the repository's node_modules, so that nothing has to be fetched. */
export function makeFixtureProject(): FixtureProject {
  const root = mkdtempSync(join(tmpdir(), 'paceline-fixture-'))
  for (const path of machinery) cpSync(join(repository, path), join(root, path), { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const [path, text] of Object.entries(sources)) write(path, text)
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** How a program ended and what it said. */
export interface Ending {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that was started and may be told to stop. */
export interface Running {
  readonly pid: number
  /** Resolves once the program has printed this. */
  said(text: string): Promise<void>
  readonly ended: Promise<Ending>
}

/** Starts a program in a process group of its own, as a terminal would. */
export function start(
  command: readonly [string, ...string[]],
  options: { cwd: string; env?: NodeJS.ProcessEnv; uid?: number },
): Running {
  const [program, ...args] = command
  // What the npm that runs these tests has set would tell the fixture's npm that it is the same run.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|VITEST)/.test(name)),
  )
  const { uid, cwd, env } = options
  const child = spawn(program, args, {
    cwd,
    env: { ...inherited, NO_COLOR: '1', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    for (const listener of listeners) listener()
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!stdout.includes(text)) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
      ended.then(() => reject(new Error(`ended without saying ${text}: ${stdout}${stderr}`)), reject)
    })
  return { pid: child.pid ?? 0, said, ended }
}

/** Whether a process of this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
