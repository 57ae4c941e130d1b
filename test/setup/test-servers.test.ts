import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installTestServers } from '../../scripts/setup/test-servers.js'

let root: string
let tools: string
let drivers: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-servers-'))
  tools = join(root, 'tools')
  drivers = join(root, 'icd.d')
  mkdirSync(tools)
})
afterEach(() => rmSync(root, { recursive: true }))

/** A program that writes down how it was called. */
function putTool(name: string, shell = 'exit 0') {
  writeFileSync(join(tools, name), `#!/bin/sh\necho "$RUNLEVEL $@" >>${root}/calls\n${shell}\n`)
  chmodSync(join(tools, name), 0o755)
}
/** Where a driver of Vulkan is put that is there. */
const putDriver = (): void => {
  mkdirSync(drivers)
  writeFileSync(join(drivers, 'lvp_icd.x86_64.json'), '{}')
}
const calls = () => readFileSync(join(root, 'calls'), 'utf8').trimEnd()
const install = (machine: { isRoot?: boolean; hasServices?: boolean } = {}) =>
  installTestServers(root, {
    searchPath: tools,
    isRoot: true,
    hasServices: false,
    vulkanDrivers: drivers,
    ...machine,
  })

describe('the servers that tests talk to', () => {
  it('are installed where they are missing, and started by nobody', async () => {
    putTool('apt-get')
    putTool('snmpd')
    putDriver()
    expect(await install()).toBeUndefined()
    expect(calls()).toMatch(/^1 install .* mosquitto openssh-server$/)
  })

  it('are left alone where all are there', async () => {
    for (const name of ['apt-get', 'snmpd', 'mosquitto', 'sshd']) putTool(name)
    putDriver()
    expect(await install()).toBeUndefined()
    expect(calls).toThrow('ENOENT')
  })

  it.each([
    ['somebody else than root', { isRoot: false }],
    ['a machine that would start them as services', { hasServices: true }],
  ])('are not forced on %s, who is told what is skipped', async (_whom, machine) => {
    putTool('apt-get')
    const words =
      'Tests that need snmpd, mosquitto, sshd, lavapipe are skipped: they need the Debian packages'
    expect(await install(machine)).toBe(`${words} snmpd mosquitto openssh-server mesa-vulkan-drivers.`)
    expect(calls).toThrow('ENOENT')
  })

  it('that cannot be installed do not stop the other tests', async () => {
    putTool('apt-get', 'echo "E: Unable to fetch some archives" >&2; exit 100')
    expect(await install()).toContain('could not install them (E: Unable to fetch some archives)')
  })
})
