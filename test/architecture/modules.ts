import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

/** How a module names another: what vanishes at compile time, what is loaded with it, what is loaded later. */
export type ImportKind = 'type' | 'static' | 'dynamic'

export interface Import {
  /** The path below src/ of a module of ours, else the name as written: a package, or a built-in with `node:`. */
  readonly target: string
  readonly kind: ImportKind
}

/** What the rules look at in one source file. */
export interface Module {
  /** Below src/, with forward slashes. */
  readonly path: string
  /** Its first folder, or '' for a file that lies in src/ itself. */
  readonly room: string
  readonly imports: readonly Import[]
  /** Globals it uses that reach out of a pure function: clock, randomness, timers, process, network. */
  readonly impureGlobals: readonly string[]
  readonly hasDefaultExport: boolean
  /** It has nothing of its own and hands on what others export. */
  readonly isBarrel: boolean
  readonly lines: number
}

/** What stands for an import whose name is computed and cannot be known here. */
export const computedTarget = '(computed)'

const impureNames = new Set([
  'process',
  'performance',
  'fetch',
  'crypto',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Date',
])

/** Reads every source file below a folder; tests are not part of the product and are left out. */
export function readModules(sourceFolder: string): Module[] {
  return readdirSync(sourceFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .sort()
    .map((path) => readModule(path, readFileSync(join(sourceFolder, path), 'utf8')))
}

/** Reads one source file from its text. */
export function readModule(path: string, text: string): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const globals = new Set<string>()
  const ownNames = new Set<string>()
  const visit = (node: ts.Node) => {
    const found = importOf(node)
    if (found !== undefined) imports.push({ kind: found.kind, target: resolveTarget(path, found.name) })
    const used = impureUse(node)
    if (used !== undefined) globals.add(used)
    if (ts.isIdentifier(node) && isDeclaredName(node)) ownNames.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return {
    path,
    room: path.includes('/') ? path.slice(0, path.indexOf('/')) : '',
    imports,
    impureGlobals: [...globals].filter((name) => !ownNames.has(name)).sort(),
    hasDefaultExport: source.statements.some(isDefaultExport),
    isBarrel: isBarrel(source),
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
  }
}

function resolveTarget(from: string, name: string): string {
  return name.startsWith('.') ? posix.join(posix.dirname(from), name) : name
}

function importOf(node: ts.Node): { name: string; kind: ImportKind } | undefined {
  if (ts.isImportDeclaration(node)) return { name: textOf(node.moduleSpecifier), kind: kindOfImport(node) }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
    return { name: textOf(node.moduleSpecifier), kind: node.isTypeOnly ? 'type' : 'static' }
  if (ts.isImportTypeNode(node))
    return {
      name: ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : computedTarget,
      kind: 'type',
    }
  if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node)))
    return { name: textOf(node.arguments[0]), kind: 'dynamic' }
  return undefined
}

function kindOfImport(node: ts.ImportDeclaration): ImportKind {
  const clause = node.importClause
  if (clause === undefined) return 'static'
  if (clause.isTypeOnly) return 'type'
  const named = clause.namedBindings
  const isAllTypes =
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  return isAllTypes ? 'type' : 'static'
}

function isRequire(node: ts.CallExpression): boolean {
  return ts.isIdentifier(node.expression) && node.expression.text === 'require'
}

function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : computedTarget
}

/** The impure global that a node uses, by its name alone. */
function impureUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random'
  if (!ts.isIdentifier(node) || !impureNames.has(node.text)) return undefined
  return isMemberName(node) || isDeclaredName(node) || ts.isTypeReferenceNode(node.parent)
    ? undefined
    : node.text
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  const isMember =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent)
  return isMember && parent.name === node
}

/** A module that has something of its own by the name of a global means that, wherever it says the name. */
function isDeclaredName(node: ts.Identifier): boolean {
  const { parent } = node
  const isDeclaration =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isImportSpecifier(parent)
  return isDeclaration && parent.name === node
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true
  if (
    ts.isExportDeclaration(statement) &&
    statement.exportClause &&
    ts.isNamedExports(statement.exportClause)
  )
    return statement.exportClause.elements.some((element) => element.name.text === 'default')
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)
}

function isBarrel(source: ts.SourceFile): boolean {
  const reExports = source.statements.filter(
    (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
  )
  const others = source.statements.filter((statement) => !ts.isImportDeclaration(statement))
  return reExports.length > 0 && reExports.length === others.length
}
