import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { missingPackages, npmDependencies } from '../../scripts/setup/npm-dependencies.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-npm-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
})

/** A project whose dependencies lie in a folder of its own, so that npm needs no registry. */
function writeProject(names: string[], lockedNames = names) {
  const dependencies = (listed: string[]) =>
    Object.fromEntries(listed.map((name) => [name, `file:vendor/${name}`]))
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: 'sample', devDependencies: dependencies(names) }),
  )
  const packages: Record<string, unknown> = {
    '': { name: 'sample', devDependencies: dependencies(lockedNames) },
  }
  for (const name of lockedNames) {
    mkdirSync(join(root, 'vendor', name), { recursive: true })
    writeFileSync(join(root, 'vendor', name, 'package.json'), JSON.stringify({ name, version: '1.0.0' }))
    packages[`node_modules/${name}`] = { resolved: `vendor/${name}`, link: true }
    packages[`vendor/${name}`] = { version: '1.0.0', dev: true }
  }
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ name: 'sample', lockfileVersion: 3, packages }),
  )
}

describe('the step for npm dependencies', () => {
  it('installs what is missing, the development dependencies of a production machine too, and is then content', async () => {
    writeProject(['bell', 'chain'])
    vi.stubEnv('NODE_ENV', 'production')
    const step = npmDependencies(root)
    expect(step.check()).toContain('node_modules/bell')
    await step.act([])
    expect(existsSync(join(root, 'node_modules/chain/package.json'))).toBe(true)
    expect(step.check()).toBeUndefined()
  })

  it('sees that the lock file has changed since', async () => {
    writeProject(['bell'])
    const step = npmDependencies(root)
    await step.act([])
    writeProject(['bell', 'chain'])
    expect(step.check()).toEqual(['node_modules/chain', 'vendor/chain'])
  })

  it('starts again after an installation that did not reach its end', async () => {
    writeProject(['bell'])
    const step = npmDependencies(root)
    await step.act([])
    rmSync(join(root, 'node_modules/.package-lock.json'))
    expect(step.check()).toContain('node_modules/bell')
  })

  it('fails with the telling line of what npm said and where the rest is', async () => {
    writeProject(['bell', 'chain'], ['bell'])
    await expect(npmDependencies(root).act([])).rejects.toThrow(
      /^npm ci failed in .* \(npm (error|ERR!) .*in sync.*\): take package\.json and package-lock\.json from the same commit and run this again; \.cache\/setup\/npm\.log has all it said\.$/,
    )
    expect(readFileSync(join(root, '.cache/setup/npm.log'), 'utf8')).toContain('in sync')
  })

  it('names the registry when a package cannot be fetched', async () => {
    writeProject([])
    const packages = {
      '': { name: 'sample', dependencies: { bell: '1.0.0' } },
      'node_modules/bell': { version: '1.0.0' },
    }
    writeFileSync(join(root, 'package.json'), JSON.stringify(packages['']))
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ name: 'sample', lockfileVersion: 3, packages }),
    )
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/')
    vi.stubEnv('npm_config_fetch_retries', '0')
    await expect(npmDependencies(root).act([])).rejects.toThrow(
      /^npm ci failed in .*127\.0\.0\.1:9.*: check that the npm registry can be reached and run this again;/,
    )
  })
})

describe('the packages that are missing', () => {
  it('are those absent or of another version, and not the optional ones made for other machines', () => {
    const wanted = {
      '': {},
      'node_modules/there': { version: '1.0.0' },
      'node_modules/absent': { version: '1.0.0' },
      'node_modules/older': { version: '2.0.0' },
      'node_modules/for-another-machine': { version: '1.0.0', optional: true },
      'node_modules/for-this-machine': { version: '2.0.0', optional: true },
    }
    const installed = {
      'node_modules/there': { version: '1.0.0' },
      'node_modules/older': { version: '1.0.0' },
      'node_modules/for-this-machine': { version: '1.0.0', optional: true },
    }
    expect(missingPackages(wanted, installed)).toEqual([
      'node_modules/absent',
      'node_modules/older',
      'node_modules/for-this-machine',
    ])
  })
})
