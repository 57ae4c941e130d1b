import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Module, readModule, readModules } from './modules.ts'
import * as rules from './rules.ts'

const sourceFolder = fileURLToPath(new URL('../../src', import.meta.url))

/** Rooms that are furnished by now; simulate has no module yet. */
const rooms = [
  ...rules.pureRooms,
  'power',
  'install',
  'cluster',
  'dialects',
  'simulate',
  'head',
  'node',
  'cli',
]

describe('the source', () => {
  let modules: Module[]
  beforeAll(() => {
    modules = readModules(sourceFolder)
  })

  it.each(rooms)('has modules in %s, or the rules below would hold for want of any', (room) => {
    expect(modules.filter((module) => module.room === room)).not.toEqual([])
  })

  it('is read with its imports', () => {
    expect(modules.flatMap(({ imports }) => imports).length).toBeGreaterThan(modules.length)
  })

  it.each([
    ['keeps each pure room to those before it', rules.pureRoomsKnowOnlyThoseBefore],
    ['keeps pure rooms free of built-ins and of packages that are not pure', rules.pureRoomsStandAlone],
    ['keeps pure rooms free of clock, randomness, timers and process', rules.pureRoomsUseNoImpureGlobals],
    ['lets nobody import head, node and cli', rules.nobodyImportsTheDaemons],
    ['keeps install to itself', rules.installStandsAlone],
    ['keeps dialects and platforms apart', rules.dialectsAndPlatformsDoNotMeet],
    ['writes imports so that they can be read', rules.importsCanBeRead],
    ['imports only files that are there', rules.importsLeadSomewhere],
    ['keeps out of the agents what only the head needs', rules.agentsStaySmall],
    ['exports by name, and from where the thing is', rules.exportsAreNamedAndDirect],
    ['names files after the one thing they hold', rules.filesAreNamedAfterOneThing],
    ['keeps files short', rules.filesAreShort],
  ])('%s', (_promise, rule) => {
    expect(rule(modules)).toEqual([])
  })
})

/** A small source tree that breaks no rule but those a test plants. */
const planted = (files: Record<string, string>) =>
  Object.entries({
    'errors.ts': 'export const x = 1',
    'plan/plan.ts': 'export const x = 1',
    'cluster/kv.ts': `import { Kvm } from '@nats-io/kv'\nexport const x = Kvm`,
    'head/head.ts': 'export const x = 1',
    'node/main.ts': 'export const x = 1',
    'platforms/software.ts': `import type { P } from '../plan/plan.ts'\nexport const x = 1`,
    'dialects/plex/intake.ts': 'export const x = 1',
    ...files,
  }).map(([path, text]) => readModule(path, text))

describe('a violation that is planted', () => {
  it.each([
    [
      'a later room',
      rules.pureRoomsKnowOnlyThoseBefore,
      'command/a.ts',
      `import { x } from '../plan/plan.ts'`,
    ],
    [
      'a later room by type',
      rules.pureRoomsKnowOnlyThoseBefore,
      'media/a.ts',
      `import type { P } from '../plan/plan.ts'`,
    ],
    [
      'a later room inside a type',
      rules.pureRoomsKnowOnlyThoseBefore,
      'media/a.ts',
      `export type P = import('../plan/plan.ts').P`,
    ],
    [
      'a later room handed on',
      rules.pureRoomsKnowOnlyThoseBefore,
      'media/a.ts',
      `export { x } from '../plan/plan.ts'`,
    ],
    [
      'a later room loaded later',
      rules.pureRoomsKnowOnlyThoseBefore,
      'media/a.ts',
      `export const p = () => import('../plan/plan.ts')`,
    ],
    [
      'a room that is not pure',
      rules.pureRoomsKnowOnlyThoseBefore,
      'session/a.ts',
      `import { x } from '../cluster/kv.ts'`,
    ],
    ['a built-in in a pure room', rules.pureRoomsStandAlone, 'plan/a.ts', `import { join } from 'node:path'`],
    ['a package in a pure room', rules.pureRoomsStandAlone, 'plan/a.ts', `import { x } from 'fastify'`],
    ['the clock', rules.pureRoomsUseNoImpureGlobals, 'session/a.ts', 'export const now = () => Date.now()'],
    ['a date', rules.pureRoomsUseNoImpureGlobals, 'session/a.ts', 'export const now = () => new Date()'],
    ['chance', rules.pureRoomsUseNoImpureGlobals, 'session/a.ts', 'export const x = Math.random()'],
    ['a timer', rules.pureRoomsUseNoImpureGlobals, 'session/a.ts', 'setTimeout(() => {}, 1)'],
    ['the process', rules.pureRoomsUseNoImpureGlobals, 'plan/a.ts', 'export const home = process.env.HOME'],
    [
      'another room in install',
      rules.installStandsAlone,
      'install/a.ts',
      `import { x } from '../cluster/kv.ts'`,
    ],
    ['the head', rules.nobodyImportsTheDaemons, 'cluster/a.ts', `import { x } from '../head/head.ts'`],
    [
      'the head by the agent',
      rules.nobodyImportsTheDaemons,
      'node/a.ts',
      `import type { X } from '../head/head.ts'`,
    ],
    [
      'the head with the command line',
      rules.nobodyImportsTheDaemons,
      'cli/a.ts',
      `import { x } from '../head/head.ts'`,
    ],
    [
      'a part of the head by a command',
      rules.nobodyImportsTheDaemons,
      'cli/a.ts',
      `export const h = () => import('../head/door.ts')`,
    ],
    [
      'a platform in a dialect',
      rules.dialectsAndPlatformsDoNotMeet,
      'dialects/plex/a.ts',
      `import { x } from '../../platforms/software.ts'`,
    ],
    [
      'a dialect in a platform',
      rules.dialectsAndPlatformsDoNotMeet,
      'platforms/a.ts',
      `import { x } from '../dialects/plex/intake.ts'`,
    ],
    [
      'a computed import',
      rules.importsCanBeRead,
      'cli/a.ts',
      `export const load = (name: string) => import(name)`,
    ],
    ['a file that is not there', rules.importsLeadSomewhere, 'plan/a.ts', `import { y } from './gone.ts'`],
    ['a file outside', rules.importsLeadSomewhere, 'plan/a.ts', `import { y } from '../../package.json'`],
    ['a package of the head', rules.agentsStaySmall, 'node/a.ts', `import { z } from 'zod'`],
    [
      'a package of the head by a detour',
      rules.agentsStaySmall,
      'node/a.ts',
      `import { x } from '../cluster/kv.ts'`,
    ],
    ['a default export', rules.exportsAreNamedAndDirect, 'plan/a.ts', 'export default 1'],
    [
      'a default export by function',
      rules.exportsAreNamedAndDirect,
      'plan/a.ts',
      'export default function x() {}',
    ],
    [
      'a default export by name',
      rules.exportsAreNamedAndDirect,
      'plan/a.ts',
      'const x = 1\nexport { x as default }',
    ],
    ['a barrel', rules.exportsAreNamedAndDirect, 'plan/a.ts', `export * from './plan.ts'`],
    ['camel case', rules.filesAreNamedAfterOneThing, 'plan/aPlan.ts', ''],
    ['a vague name', rules.filesAreNamedAfterOneThing, 'plan/time-utils.ts', ''],
    ['a vague folder', rules.filesAreNamedAfterOneThing, 'plan/helpers/a.ts', ''],
    ['a very long file', rules.filesAreShort, 'plan/a.ts', '\n'.repeat(401)],
    ['a long file among few', rules.filesAreShort, 'plan/a.ts', '\n'.repeat(251)],
  ])('is found: %s', (_name, rule, path, text) => {
    expect(rule(planted({}))).toEqual([])
    const found = rule(planted({ [path]: text }))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(path)
  })

  it('names the way by which an agent comes to a package of the head', () => {
    const modules = planted({
      'node/a.ts': `import { x } from '../cluster/shared.ts'`,
      'cluster/shared.ts': `import { x } from './kv.ts'`,
    })
    expect(rules.agentsStaySmall(modules)).toEqual([
      'node/a.ts > cluster/shared.ts > cluster/kv.ts imports @nats-io/kv: an agent does without it',
    ])
  })
})

describe('what the rules allow', () => {
  it.each([
    ['an earlier room and the errors', 'plan/a.ts', `import '../media/b.ts'\nimport '../errors.ts'`],
    ['a schema in a pure room', 'media/a.ts', `import { z } from 'zod'`],
    ['the probe call to run a program', 'media/probe.ts', `import { spawn } from 'node:child_process'`],
    [
      'members that are called like globals',
      'plan/a.ts',
      'export const x = (a: { process: 1 }) => a.process',
    ],
    [
      'own names that are those of globals',
      'plan/a.ts',
      'export const x = (process: { id: 1 }) => process.id',
    ],
    ['types that are called like globals', 'plan/a.ts', 'export interface X { at: Date }'],
    ['a command to start a daemon', 'cli/a.ts', `export const run = () => import('../head/head.ts')`],
    [
      'an agent to know the types of a package of the head',
      'node/a.ts',
      `import type { Kvm } from '@nats-io/kv'`,
    ],
    ['types among named imports', 'node/a.ts', `import { type Kvm } from '@nats-io/kv'`],
    [
      'a module to hand on one thing beside its own',
      'plan/a.ts',
      `export { x } from './plan.ts'\nexport const y = 1`,
    ],
    ['long tables', 'command/tables/a.ts', '\n'.repeat(900)],
  ])('%s', (_name, path, text) => {
    const modules = planted({ [path]: text, 'media/b.ts': '' })
    expect(Object.values(rules).flatMap((rule) => (typeof rule === 'function' ? rule(modules) : []))).toEqual(
      [],
    )
  })
})
