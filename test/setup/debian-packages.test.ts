import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { debianPackages } from '../../scripts/setup/debian-packages.js'
import { findTool, toolSearchPath } from '../../scripts/setup/tool-environment.js'

let root: string
let tools: string
let calls: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-packages-'))
  tools = join(root, 'tools')
  calls = join(root, 'calls')
  mkdirSync(tools)
  writeFileSync(calls, '')
})
afterEach(() => rmSync(root, { recursive: true }))

/** Puts a program on the machine that writes down how it was called and goes on with some shell. */
function putTool(name: string, shell = 'exit 0') {
  writeFileSync(join(tools, name), `#!/bin/sh\necho ${name} "$@" >>${calls}\n${shell}\n`)
  chmodSync(join(tools, name), 0o755)
}
const called = () => readFileSync(calls, 'utf8').trimEnd().split('\n')

/** A machine that has only what a test puts there. */
function stepOn({ isRoot = true, hasHeader = true } = {}) {
  const header = join(root, 'stdio.h')
  if (hasHeader) writeFileSync(header, '')
  return debianPackages(root, { searchPath: tools, header, isRoot })
}

describe('the step for Debian packages', () => {
  it('has nothing to do where all programs are there', () => {
    for (const name of ['ffmpeg', 'ffprobe', 'nats-server', 'cc', 'c++', 'make']) putTool(name)
    expect(stepOn().check()).toBeUndefined()
  })

  it('names each missing package once', () => {
    expect(stepOn({ hasHeader: false }).check()).toEqual([
      'ffmpeg',
      'nats-server',
      'gcc',
      'g++',
      'make',
      'libc6-dev',
    ])
    putTool('ffmpeg')
    putTool('cc')
    expect(stepOn().check()).toEqual(['ffmpeg', 'nats-server', 'g++', 'make'])
  })

  it('does not take a file that cannot be run for a program', () => {
    for (const name of ['ffmpeg', 'ffprobe', 'nats-server', 'cc', 'c++', 'make']) putTool(name)
    chmodSync(join(tools, 'nats-server'), 0o644)
    mkdirSync(join(root, 'other', 'make'), { recursive: true })
    rmSync(join(tools, 'make'))
    const searchPath = `${tools}:${join(root, 'other')}`
    // A superuser may not run a file that nobody may run either.
    expect(debianPackages(root, { searchPath, header: calls }).check()).toEqual(['nats-server', 'make'])
  })

  it('installs what is missing, only that, and without asking', async () => {
    putTool('apt-get')
    await stepOn().act(['ffmpeg', 'make'])
    expect(called()).toEqual([
      'apt-get install -y -q -o DPkg::Lock::Timeout=120 --no-install-recommends ffmpeg make',
    ])
  })

  it('fetches the package lists only when installing fails without', async () => {
    putTool('apt-get', `[ "$1" = update ] && touch ${root}/lists; [ -e ${root}/lists ] || exit 100`)
    await stepOn().act(['ffmpeg'])
    expect(called().map((call) => call.split(' ')[1])).toEqual(['install', 'update', 'install'])
  })

  it('says what apt-get said when that does not help either', async () => {
    putTool('apt-get', `echo Reading package lists; echo 'E: Unable to locate package ffmpeg' >&2; exit 100`)
    await expect(stepOn().act(['ffmpeg', 'make'])).rejects.toThrow(
      'apt-get could not install ffmpeg and make (E: Unable to locate package ffmpeg): mend that and run this again; .cache/setup/apt-get.log has all it said.',
    )
  })

  it('asks for root in one sentence with the command to run, where there is no sudo', async () => {
    putTool('apt-get')
    await expect(stepOn({ isRoot: false }).act(['ffmpeg', 'nats-server', 'make'])).rejects.toThrow(
      'ffmpeg, nats-server and make are missing: run `apt-get install -y --no-install-recommends ffmpeg nats-server make` as root and then this again.',
    )
    expect(called()).toEqual([''])
  })

  it('asks for sudo where sudo would ask for a password', async () => {
    putTool('apt-get')
    putTool('sudo', 'exit 1')
    await expect(stepOn({ isRoot: false }).act(['ffmpeg'])).rejects.toThrow(
      'ffmpeg is missing: run `sudo apt-get install -y --no-install-recommends ffmpeg` and then this again.',
    )
    expect(called()).toEqual(['sudo -n true'])
  })

  it('uses sudo where it asks nothing', async () => {
    putTool('apt-get')
    putTool('sudo', 'shift; exec "$@"')
    await stepOn({ isRoot: false }).act(['ffmpeg'])
    expect(called()[1]).toMatch(/^sudo -n env DEBIAN_FRONTEND=noninteractive .*\/apt-get install/)
    expect(called()[2]).toMatch(/^apt-get install .* ffmpeg$/)
  })

  it('says what to install on a system that is not Debian', async () => {
    await expect(stepOn().act(['ffmpeg', 'gcc'])).rejects.toThrow(
      "ffmpeg and gcc cannot be installed without apt-get: install what these Debian packages hold in your system's own way and run this again.",
    )
  })
})

describe('the search path', () => {
  it("leads to the system's folders also for users whose own does not", () => {
    expect(toolSearchPath('/usr/bin:/bin')).toBe('/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin')
    expect(toolSearchPath('/usr/sbin:/bin')).toBe('/usr/sbin:/bin:/usr/local/sbin:/sbin')
  })

  it('is searched in order', () => {
    const other = join(root, 'other')
    mkdirSync(other)
    putTool('make')
    expect(findTool('make', `${other}:${tools}`)).toBe(join(tools, 'make'))
    expect(findTool('make', other)).toBeUndefined()
  })
})
