import { isAbsolute, join } from 'node:path'
import { type Document, isMap, isScalar, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { readFileIfThere } from '../../cluster/private-file.ts'
import { PacelineError } from '../../errors.ts'
import { type Config, configSchema, powerKeys, powerVariable } from './config-schema.ts'

/** One thing that is wrong; the value is not said, since it may be a secret. */
export interface ConfigFault {
  /** `power.nodes.pi5-1.driver.url`; empty for the file as a whole. */
  readonly key: string
  /** Where in the file, of what is missing where its section begins; null for what a variable says. */
  readonly line: number | null
  readonly message: string
}

export interface ConfigFound {
  /** Null where there is none. */
  readonly file: string | null
  /** Null when anything is wrong. */
  readonly config: Config | null
  readonly faults: readonly ConfigFault[]
}

export interface ConfigPlace {
  /** `--config`, else PACELINE_CONFIG: a file that has to be there. */
  readonly named: string | undefined
  readonly dataFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const usualName = 'paceline.yaml'

/** Taken for plain text it would be a wrong password. */
const strangeTag = 'tags such as !secret are not known here: a secret is { file: … } or { env: … }'
const strangeAlias = 'an alias (*name) stands for nothing, or for too much'

/**
 * Reads `paceline.yaml`, and the variables of its section `power` over it; nothing has to be there. Relative folders in it
 * are none: it says so.
 *
 * @throws PacelineError E_CONFIG when the named file is not there, and what else the file system says
 */
export async function findConfig({ named, dataFolder, environment }: ConfigPlace): Promise<ConfigFound> {
  const path = named ?? join(dataFolder, usualName)
  const text = await readFileIfThere(path)
  if (text === undefined && named !== undefined) throw new PacelineError('E_CONFIG', `${named}: no such file`)
  const file = text === undefined ? null : path
  const lines = new LineCounter()
  const document = parseDocument(text ?? '', { lineCounter: lines })
  const [broken] = document.errors
  if (broken) {
    const line = lineOfProblem(broken)
    return { file, config: null, faults: [{ key: '', line, message: 'this is not YAML' }] }
  }
  if (document.contents !== null && !isMap(document.contents))
    return { file, config: null, faults: [{ key: '', line: 1, message: 'keys with values are wanted' }] }
  const tag = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED')
  if (tag) return { file, config: null, faults: [{ key: '', line: lineOfProblem(tag), message: strangeTag }] }
  const plain = plainOf(document)
  if (plain === undefined)
    return { file, config: null, faults: [{ key: '', line: null, message: strangeAlias }] }
  const { written, faults } = withVariables(plain, environment)
  const checked = configSchema.safeParse(written)
  const startOf = (node: unknown): number | null => {
    const range = (node as { readonly range?: readonly number[] } | undefined)?.range
    return range ? lines.linePos(range[0]!).line : null
  }
  const lineOf = (key: readonly PropertyKey[]): number | null =>
    key.length > 0 ? startOf(document.getIn(key, true)) : null
  const wrong = [
    ...faults,
    ...(checked.error?.issues ?? []).map((issue) => {
      const [strange] = issue.code === 'unrecognized_keys' ? issue.keys : []
      const line = strange === undefined ? lineOf(issue.path) : startOf(keyIn(document, issue.path, strange))
      // What is missing is missed where its section begins.
      const place = line ?? lineOf(issue.path.slice(0, -1))
      return { key: issue.path.join('.'), line: place, message: plainly(issue.message) }
    }),
    ...relativeFolders(checked.data).map((key) => ({
      ...{ key: key.join('.'), line: lineOf(key), message: 'a folder is written from the root on' },
    })),
  ]
  return { file, config: wrong.length === 0 ? checked.data! : null, faults: wrong }
}

/**
 * As {@link findConfig}, for whoever goes on with it.
 *
 * @throws PacelineError E_CONFIG with every fault, its key and line
 */
export async function readConfig(place: ConfigPlace): Promise<Config> {
  const { file, config, faults } = await findConfig(place)
  if (config) return config
  throw new PacelineError('E_CONFIG', [file ?? 'variables', ...faults.map(faultText)].join('\n  '))
}

/** `line 12, power.nodes.pi.idleWatts: …`. */
export function faultText({ key, line, message }: ConfigFault): string {
  const place = [...(line === null ? [] : [`line ${line}`]), ...(key === '' ? [] : [key])].join(', ')
  return place === '' ? message : `${place}: ${message}`
}

/** A key itself, which is nowhere else in the document than beside its value. */
function keyIn(document: Document, path: readonly PropertyKey[], name: string): unknown {
  const map = path.length > 0 ? document.getIn(path, true) : document.contents
  return isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name)?.key : undefined
}

/** Nobody has written `undefined`. */
const plainly = (message: string): string =>
  message.replace(/^Invalid input: expected (.+), received undefined$/, 'it is missing ($1)')

const lineOfProblem = ({ linePos }: YAMLError): number | null => linePos?.[0].line ?? null

/** Undefined where aliases are wrong: the parser sees to them only here, and throws. */
function plainOf(document: Document): object | undefined {
  try {
    return (document.toJS() as object | null) ?? {}
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

function withVariables(
  written: object,
  environment: ConfigPlace['environment'],
): { readonly written: object; readonly faults: readonly ConfigFault[] } {
  const faults: ConfigFault[] = []
  const power: Record<string, unknown> = {}
  for (const key of powerKeys) {
    const name = powerVariable(key)
    const text = environment[name]
    if (text === undefined || text === '') continue
    try {
      // Its warnings would repeat the value.
      const document = parseDocument(text)
      if (document.errors.length + document.warnings.length > 0) throw new SyntaxError('not YAML')
      power[key] = document.toJS()
    } catch {
      faults.push({ key: name, line: null, message: 'this is not YAML' })
    }
  }
  if (Object.keys(power).length === 0) return { written, faults }
  const section = (written as { readonly power?: unknown }).power ?? {}
  // What is wrong with it is told with everything else.
  if (typeof section !== 'object' || Array.isArray(section)) return { written, faults }
  return { written: { ...written, power: { ...section, ...power } }, faults }
}

function relativeFolders(config: Config | undefined): [string, number][] {
  return (['mediaRoots', 'transcodeRoots'] as const).flatMap((key) =>
    (config?.[key] ?? []).flatMap((folder, index): [string, number][] =>
      isAbsolute(folder) ? [] : [[key, index]],
    ),
  )
}
