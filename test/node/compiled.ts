import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A folder with JavaScript made of the sources, for tests that start a Node process of their own. */
export interface Compiled {
  /** Path of the JavaScript made of a source, named from the repository's root: `src/node/agent.ts`. */
  script(source: string): string
  remove(): void
}

/** Takes types off `folders` and single `files` of the repository; about a second, without checking anything. */
export function compile(paths: readonly string[]): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-compiled-'))
  for (const name of ['node_modules', 'native']) symlinkSync(join(root, name), join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{"type":"module","version":"0.0.0"}')
  for (const source of paths.flatMap(sourcesAt)) {
    const target = join(folder, source.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, withoutTypes(readFileSync(join(root, source), 'utf8')))
  }
  return {
    script: (source) => join(folder, source.replace(/\.ts$/, '.js')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function sourcesAt(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path]
  const names = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  return names.map((name) => join(path, name))
}

function withoutTypes(text: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  }
  return ts.transpileModule(text, { compilerOptions }).outputText
}
