import { Command, type Option } from 'commander'
import { addHead } from '../../commands/head.ts'
import { optionKeys, powerKeys, powerVariable } from '../config-schema.ts'
import { keyMeanings } from './key-meanings.ts'
import { configKeys, type SchemaKey, typeWords } from './schema-keys.ts'

const introduction = `# Configuration

Nothing has to be configured. What you want otherwise stands in \`paceline.yaml\` in the data folder, or in the file that
\`--config\` or \`PACELINE_CONFIG\` names. Options of the command line come first, then variables, then the file.
\`paceline config check\` reads it as the head would and says what is wrong, with the key and its line; an unknown key is a
fault. The head reads it when it starts.

This page is written by \`npm run configuration\` from the schema that the program checks the file with.

\`\`\`yaml
mediaRoots: [/srv/films]
power:
  nodes:
    pi5-1:
      idleWatts: 3
      busyWatts: 9
      driver: { driver: shelly, url: "http://192.168.1.20" }
  keepWarm:
    - { hours: "fri-sat 18:00-23:00", nodes: 1 }
\`\`\`
`

/** docs/configuration.md: every key of the schema with its type, default, variable and meaning. */
export function configReference(): string {
  const keys = configKeys()
  const options = optionsByKey()
  const isOption = ({ path }: SchemaKey) => path in optionKeys
  const own = keys.filter((key) => !isOption(key) && key.schema.type !== undefined && isSection(key, keys))
  return [
    introduction,
    '## The head\n',
    'Each is an option of `paceline head` and `paceline up` too: [commands.md](commands.md).\n',
    table(keys.filter(isOption).map((key) => optionRow(key, options.get(key.path)))),
    ...own.flatMap((section) => sectionText(section, keys)),
  ].join('\n')
}

/** A key with keys below it. */
function isSection({ path }: SchemaKey, keys: readonly SchemaKey[]): boolean {
  return keys.some((key) => key.path.startsWith(`${path}.`))
}

function sectionText(section: SchemaKey, keys: readonly SchemaKey[]): string[] {
  const isNamed = keys.some(({ path }) => path.startsWith(`${section.path}.*.`))
  const below = isNamed ? `${section.path}.*.` : `${section.path}.`
  const rows = keys.filter(({ path }) => path.startsWith(below) && !path.slice(below.length).includes('.'))
  const note = isNamed ? ' Each is a section with these keys:' : ''
  return [
    `\n## \`${section.path}\`\n`,
    `${meaningOf(section.path)}${note}\n`,
    table(rows.map((key) => keyRow(key, key.path.slice(below.length)))),
    ...(isNamed ? ['\nWhat drivers and meters take is in [power.md](power.md#drivers).\n'] : []),
  ]
}

function optionRow({ path, schema }: SchemaKey, option: Option | undefined): string[] {
  const usual = option?.defaultValue
  const isPlain = usual !== undefined && typeof usual !== 'object' && path !== 'ffmpeg'
  const meaning = `${option?.description ?? ''} (\`${option?.long}\`)`
  return [path, typeWords(schema), isPlain ? `\`${usual}\`` : '', option?.envVar ?? '', meaning]
}

function keyRow({ path, schema, isRequired }: SchemaKey, name: string): string[] {
  const usual = isRequired
    ? 'needed'
    : schema.default === undefined
      ? ''
      : `\`${JSON.stringify(schema.default)}\``
  const key = path.startsWith('power.') ? path.slice('power.'.length) : ''
  const variable = powerKeys.some((known) => known === key) ? powerVariable(key) : ''
  return [name, typeWords(schema), usual, variable, meaningOf(path)]
}

const meaningOf = (path: string): string => keyMeanings[path] ?? ''

function table(rows: readonly (readonly string[])[]): string {
  const code = (text: string) => (text === '' ? '' : `\`${text}\``)
  const lines = rows.map(
    ([key = '', type = '', usual = '', variable = '', meaning = '']) =>
      `| ${code(key)} | ${type} | ${usual} | ${code(variable)} | ${meaning.replaceAll('|', '\\|')} |`,
  )
  return `${['| key | value | default | variable | meaning |', '|---|---|---|---|---|', ...lines].join('\n')}\n`
}

/** Options of `head` by the key of the configuration that stands for them. */
function optionsByKey(): Map<string, Option> {
  const program = new Command()
  addHead(program)
  const options = program.commands[0]?.options ?? []
  return new Map(
    Object.entries(optionKeys).flatMap(([key, attribute]) => {
      const option = options.find((each) => each.attributeName() === attribute)
      return option ? [[key, option] as const] : []
    }),
  )
}
