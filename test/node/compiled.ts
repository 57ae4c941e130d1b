import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

/** Takes types off `source`, named from the repository's root, and whatever it imports; about a second, without checking. */
export function compile(source: string): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-compiled-'))
  for (const name of ['node_modules', 'native']) symlinkSync(join(root, name), join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{"type":"module","version":"0.0.0"}')
  const sources = new Set([source])
  for (const path of sources) {
    const text = readFileSync(join(root, path), 'utf8')
    const target = join(folder, scriptOf(path))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, withoutTypes(text))
    for (const imported of importsOf(path, text)) sources.add(imported)
  }
  return {
    script: (path) => join(folder, scriptOf(path)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const scriptOf = (path: string) => path.replace(/\.ts$/, '.js')

/** What `path` imports of the repository's own sources. */
function importsOf(path: string, text: string): readonly string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.') && fileName.endsWith('.ts'))
    .map(({ fileName }) => join(dirname(path), fileName))
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
