import { computedTarget, type Import, type Module } from './modules.ts'

/** The pure rooms: each may import only those before it. */
export const pureRooms = [
  'command',
  'media',
  'container',
  'plan',
  'platforms',
  'session',
  'placement',
] as const

/** The rooms that wire the rest together. */
const daemonRooms = ['head', 'node', 'cli']

/** The probe call and what it looks at: the one part of a pure room that runs a program. */
const probeCall = /^media\/(ffprobe|probe|key-frames|first-frame|read-light)[a-z-]*\.ts$/

/** What only the head needs; in an agent it would cost memory on every node, or reach what only the head may touch. */
const headPackages = ['zod', 'fastify', '@nats-io/jetstream', '@nats-io/kv', 'libsql']

/** Packages that are as pure as the rooms: values in, values out. */
const purePackages = ['zod']

/** Where a command starts a daemon in its own process, or asks what a node has proved: the only ways into their rooms. */
const daemonDoors = ['head/head.ts', 'node/main.ts', 'node/proof/look-up.ts']

/** A rule looks at all modules and says what is wrong, one sentence each, the module's path first. */
export type Rule = (modules: readonly Module[]) => string[]

/** Names a violation for each import that a test of module and import objects to. */
function aboutImports(objection: (module: Module, wanted: Import) => string | undefined): Rule {
  return (modules) =>
    modules.flatMap((module) =>
      module.imports.flatMap((wanted) => {
        const words = objection(module, wanted)
        return words === undefined ? [] : [`${module.path} imports ${wanted.target}: ${words}`]
      }),
    )
}

const isPure = (room: string) => pureRooms.some((pure) => pure === room)
const isOurs = (target: string) => target.endsWith('.ts')
const roomOf = (target: string) => (target.includes('/') ? target.slice(0, target.indexOf('/')) : '')

/** Pure rooms import themselves, the rooms before them and the errors. */
export const pureRoomsKnowOnlyThoseBefore = aboutImports(({ room }, { target }) => {
  if (!isPure(room) || !isOurs(target) || target === 'errors.ts') return undefined
  const order: readonly string[] = pureRooms
  const reached = order.indexOf(roomOf(target))
  return reached === -1 || reached > order.indexOf(room)
    ? `${room} may know only the rooms before it`
    : undefined
})

/** Pure rooms use no package that is not pure and none of Node's built-ins, but for the probe call. */
export const pureRoomsStandAlone = aboutImports(({ room, path }, { target }) => {
  if (!isPure(room) || isOurs(target)) return undefined
  if (target.startsWith('node:') && probeCall.test(path)) return undefined
  return purePackages.includes(target) ? undefined : `${room} is pure and uses nothing that is not`
})

/** Pure rooms have no clock, no randomness, no timers, no process. */
export const pureRoomsUseNoImpureGlobals: Rule = (modules) =>
  modules
    .filter(({ room, path }) => isPure(room) && !probeCall.test(path))
    .flatMap(({ path, room, impureGlobals }) =>
      impureGlobals.map((name) => `${path} uses ${name}: ${room} is pure and is handed such things`),
    )

/** Nothing imports the daemons and the command line, but a command may start a daemon through its main module. */
export const nobodyImportsTheDaemons = aboutImports(({ room }, { target, kind }) => {
  const reached = roomOf(target)
  if (!isOurs(target) || !daemonRooms.includes(reached) || reached === room) return undefined
  if (room === 'cli' && kind === 'dynamic' && daemonDoors.includes(target)) return undefined
  return `nothing imports ${reached}`
})

/** It changes the files of other programs: all of it can be read in one room. */
export const installStandsAlone = aboutImports(({ room }, { target }) => {
  if (room !== 'install' || !isOurs(target) || target === 'errors.ts') return undefined
  return roomOf(target) === 'install' ? undefined : 'install knows nobody'
})

/** The plan is all that passes between a dialect and a platform. */
export const dialectsAndPlatformsDoNotMeet = aboutImports(({ room }, { target }) => {
  const pair = [room, roomOf(target)].sort().join()
  return pair === 'dialects,platforms' ? 'only the plan passes between dialects and platforms' : undefined
})

/** A computed import would pass every other rule unseen. */
export const importsCanBeRead = aboutImports((_module, { target }) =>
  target === computedTarget ? 'write the name out, so that this test can read it' : undefined,
)

/** An import leads to a source file that is there. */
export const importsLeadSomewhere: Rule = (modules) => {
  const paths = new Set(modules.map(({ path }) => path))
  const isLost = ({ target }: Import) => (isOurs(target) ? !paths.has(target) : target.startsWith('..'))
  return aboutImports((_module, wanted) => (isLost(wanted) ? 'no such source file' : undefined))(modules)
}

/** An agent loads no package that only the head needs, not even by way of a module it shares with the head. */
export const agentsStaySmall: Rule = (modules) => {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const seen = new Map(modules.filter(({ room }) => room === 'node').map(({ path }) => [path, path]))
  const found: string[] = []
  for (const [path, way] of seen) {
    for (const { target, kind } of byPath.get(path)?.imports ?? []) {
      if (kind === 'type') continue
      if (headPackages.some((name) => target === name || target.startsWith(`${name}/`)))
        found.push(`${way} imports ${target}: an agent does without it`)
      else if (byPath.has(target) && !seen.has(target)) seen.set(target, `${way} > ${target}`)
    }
  }
  return found
}

/** One concept is imported by its own name from its own file. */
export const exportsAreNamedAndDirect: Rule = (modules) =>
  modules.flatMap(({ path, hasDefaultExport, isBarrel }) => [
    ...(hasDefaultExport ? [`${path} has a default export: give it a name`] : []),
    ...(isBarrel ? [`${path} only hands on what others export: import from them`] : []),
  ])

/** Files are named in kebab-case after the one thing they hold. */
export const filesAreNamedAfterOneThing: Rule = (modules) =>
  modules.flatMap(({ path }) => {
    const isKebab = path.split('/').every((part) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.ts)?$/.test(part))
    const isVague = /(^|[/-])(utils?|helpers?|managers?|common|misc)(-|\.ts$|\/)/.test(path)
    return [
      ...(isKebab ? [] : [`${path} is not named in kebab-case`]),
      ...(isVague ? [`${path} does not say what it holds`] : []),
    ]
  })

const isTable = (path: string) => path.startsWith('command/tables/')

/** No file is over 400 lines, tables excepted, and 95 of 100 are at most 250. */
export const filesAreShort: Rule = (modules) => {
  const files = modules.filter(({ path }) => !isTable(path))
  const long = files.filter(({ lines }) => lines > 250)
  const isRare = long.length <= files.length * 0.05
  return [
    ...files
      .filter(({ lines }) => lines > 400)
      .map(({ path, lines }) => `${path} has ${lines} lines, over 400`),
    ...(isRare ? [] : long.filter(({ lines }) => lines <= 400).map(tooOften)),
  ]
}

const tooOften = ({ path, lines }: Module) => `${path} has ${lines} lines: too many files are over 250`
