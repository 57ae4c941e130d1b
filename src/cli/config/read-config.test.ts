import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { applyConfig } from './apply-config.ts'
import { configSchema, powerKeys, powerVariable } from './config-schema.ts'
import { faultText, findConfig, readConfig } from './read-config.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function find(text: string | null, environment: Record<string, string> = {}) {
  if (text !== null) await writeFile(join(folder, 'paceline.yaml'), text)
  return findConfig({ named: undefined, dataFolder: folder, environment })
}

const whole = `
host: 0.0.0.0
mediaRoots: [/films]
overload: refuse
power:
  dryRun: true
  totalCapWatts: 100
  floor: [{ name: head, watts: 4 }, { name: switch, watts: 3 }]
  keepWarm: [{ hours: "18:00-23:00", nodes: 1 }]
  nodes:
    pi5:
      idleWatts: 2.8
      busyWatts: 9.7
      driver:
        driver: tasmota
        url: http://192.168.1.30
        password: hunter2
`

describe('a configuration', () => {
  it('need not be there', async () => {
    expect(await find(null)).toEqual({ file: null, config: {}, faults: [] })
    expect((await find('')).config).toEqual({})
  })

  it('that is named has to be there', async () => {
    const place = { named: join(folder, 'other.yaml'), dataFolder: folder, environment: {} }
    await expect(findConfig(place)).rejects.toMatchObject({ code: 'E_CONFIG' })
  })

  it('is read with everything that was left out as usual', async () => {
    const { config, faults } = await find(whole)
    expect(faults).toEqual([])
    expect(config).toMatchObject({ host: '0.0.0.0', mediaRoots: ['/films'], overload: 'refuse' })
    const { power } = config!
    expect(power).toMatchObject({
      dryRun: true,
      rules: { totalCapWatts: 100, floorWatts: 7, minOnSeconds: 60 },
    })
    expect(power!.nodes.get('pi5')).toMatchObject({
      driver: { driver: 'tasmota', attempts: 3, channel: 1 },
      profile: { idleWatts: 2.8, offWatts: 0, wakeSeconds: 30, wakeWatts: 9.7, sleepWatts: 2.8 },
      capWatts: null,
    })
  })

  it('has its section of power from variables as well, and they come first', async () => {
    const { config } = await find(whole, {
      PACELINE_POWER_DRY_RUN: 'false',
      PACELINE_POWER_TOTAL_CAP_WATTS: '80',
      PACELINE_POWER_NODES: '{ nuc: { idleWatts: 7, busyWatts: 28 } }',
    })
    expect(config!.power).toMatchObject({ dryRun: false, rules: { totalCapWatts: 80 } })
    expect([...config!.power!.nodes.keys()]).toEqual(['nuc'])
  })

  it('has a variable for each key of that section', () => {
    const section = configSchema.shape.power.unwrap().in
    expect(Object.keys((section as { shape: object }).shape).sort()).toEqual([...powerKeys].sort())
    expect(powerVariable('minOnSeconds')).toBe('PACELINE_POWER_MIN_ON_SECONDS')
  })
})

describe('what is wrong in a configuration', () => {
  it('is said with its key and its line, all of it at once, and never with the value', async () => {
    const text = whole
      .replace('overload: refuse', 'overload: perhaps')
      .replace('password: hunter2', 'pasword: hunter2')
      .replace('idleWatts: 2.8', 'idleWatts: 12')
    const { config, faults } = await find(text)
    expect(config).toBeNull()
    const words = faults.map(faultText)
    expect(words).toContainEqual(expect.stringMatching(/^line 4, overload: /))
    expect(words).toContainEqual(expect.stringMatching(/^line 17, power\.nodes\.pi5\.driver: .*pasword/))
    expect(words.join()).not.toContain('hunter2')
  })

  it.each([
    ['power: [', 'this is not YAML'],
    ['- a\n- b', 'keys with values are wanted'],
    ['mediaRoots: [films]', 'a folder is written from the root on'],
    ['power: { keepWarm: [{ hours: "late", nodes: 1 }] }', '"late" is not like 18:00-23:00'],
    ['power: { nodes: { a: { idleWatts: 9, busyWatts: 5 } } }', 'must not be less than idleWatts'],
    ['hots: 1', 'Unrecognized key'],
  ])('%s', async (text, message) => {
    const { config, faults } = await find(text)
    expect(config).toBeNull()
    expect(faults[0]!.message).toContain(message)
    expect(faults[0]!.line === 1 || faults[0]!.key === '').toBe(true)
  })

  it('has the line of a key that nobody knows, and of the section that lacks one', async () => {
    const { faults } = await find(
      [
        'host: "::"',
        'overlod: local',
        'power:',
        '  totalCapWats: 9',
        '  nodes:',
        '    nuc:',
        '      idleWatts: 7',
      ].join('\n'),
    )
    expect(faults.map(faultText).toSorted()).toEqual([
      'line 2: Unrecognized key: "overlod"',
      'line 4, power: Unrecognized key: "totalCapWats"',
      'line 7, power.nodes.nuc.busyWatts: it is missing (number)',
    ])
  })

  it('in a variable is said with its name', async () => {
    const { faults } = await find(null, { PACELINE_POWER_FLOOR: '[{' })
    expect(faults).toEqual([{ key: 'PACELINE_POWER_FLOOR', line: null, message: 'this is not YAML' }])
  })

  it('keeps a head from starting', async () => {
    await writeFile(join(folder, 'paceline.yaml'), 'port: high')
    const reading = readConfig({ named: undefined, dataFolder: folder, environment: {} })
    await expect(reading).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining('line 1, port'),
    })
  })
})

describe('a configuration from hell', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...['b', 'c', 'd'].map(
      (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abc'[index]}`).join(', ')}]`,
    ),
  ].join('\n')

  it.each([
    ['an alias for nothing', 'power: *none\n', 'an alias'],
    ['aliases of aliases of aliases', bomb, 'an alias'],
    ['two documents', 'port: 1\n---\nport: 2\n', 'this is not YAML'],
    ['a list', '- port: 1\n', 'keys with values'],
    ['keys that are lists', '? [port]\n: 1\n', 'Unrecognized key'],
    ['a prototype', '"__proto__": { port: 1 }\n', 'Unrecognized key'],
  ])('is refused as one: %s', async (_what, text, message) => {
    const { config, faults } = await find(text)
    expect(config).toBeNull()
    expect(faults[0]!.message).toContain(message)
  })

  it('with a tag that something else knows is refused, so that the name of a secret is not taken for it', async () => {
    const { config, faults } = await find('port: 1\nuser: !secret head_user\n')
    expect(config).toBeNull()
    expect(faults).toEqual([{ key: '', line: 2, message: expect.stringContaining('!secret') }])
    expect(JSON.stringify(faults)).not.toContain('head_user')
  })

  it('may be a variable: its value is not repeated, nor warned about', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    const { faults } = await find(null, { PACELINE_POWER_NODES: '{ a: !secret hunter2 }' })
    expect(faults).toEqual([{ key: 'PACELINE_POWER_NODES', line: null, message: 'this is not YAML' }])
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it.each(['3', '[a]', 'yes'])('is not made right by a variable: power: %s', async (power) => {
    const { config, faults } = await find(`power: ${power}\n`, { PACELINE_POWER_NODES: '{}' })
    expect([config, faults[0]?.key]).toEqual([null, 'power'])
  })
})

describe('options', () => {
  function commandWith(...args: string[]) {
    const command = new Command('head').exitOverride()
    command.addOption(new Option('--host <address>').default('0.0.0.0').env('PACELINE_TEST_HOST'))
    command.addOption(new Option('--port <port>'))
    command.addOption(new Option('--media-root <folder>').default([]))
    command.parse(args, { from: 'user' })
    return command
  }

  it('are as the configuration has them where they were not given', () => {
    const command = commandWith('--port', '8000')
    applyConfig(command, { host: '10.0.0.1', port: 9000, mediaRoots: ['/films'], user: 'paceline' })
    expect(command.opts()).toEqual({ host: '10.0.0.1', port: '8000', mediaRoot: ['/films'] })
  })

  it('given by a variable come first', () => {
    process.env.PACELINE_TEST_HOST = '10.0.0.2'
    try {
      const command = commandWith()
      applyConfig(command, { host: '10.0.0.1' })
      expect(command.opts().host).toBe('10.0.0.2')
    } finally {
      delete process.env.PACELINE_TEST_HOST
    }
  })
})
