import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installTestBrowser } from '../../scripts/setup/test-browser.js'
import { installTestEmulator } from '../../scripts/setup/test-emulator.js'

let root: string
let tools: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-browser-'))
  tools = join(root, 'tools')
  mkdirSync(tools)
})
afterEach(() => rmSync(root, { recursive: true }))

/** A program that writes down how it was called. */
function putTool(name: string, shell = 'exit 0') {
  writeFileSync(join(tools, name), `#!/bin/sh\necho "$@" >>${root}/calls\n${shell}\n`)
  chmodSync(join(tools, name), 0o755)
}
const calls = () => readFileSync(join(root, 'calls'), 'utf8').trimEnd()
const install = (args: string[] = ['--project', 'long'], isRoot = true) =>
  installTestBrowser(root, args, { searchPath: tools, isRoot })

describe('the browser that tests play films in', () => {
  it('is installed for the long tests, where it is missing', async () => {
    putTool('apt-get')
    expect(await install()).toBeUndefined()
    expect(calls()).toMatch(/^install .* chromium$/)
  })

  it('is left alone for the short ones, and where it is there', async () => {
    putTool('apt-get')
    expect(await install([])).toBeUndefined()
    putTool('chromium')
    expect(await install()).toBeUndefined()
    expect(calls).toThrow('ENOENT')
  })

  it('is not forced on somebody else than root, who is told what is skipped', async () => {
    putTool('apt-get')
    const words = 'Tests that play films in a browser are skipped: they need the Debian package chromium.'
    expect(await install(['--project', 'long'], false)).toBe(words)
    expect(calls).toThrow('ENOENT')
  })

  it('that cannot be installed does not stop the other tests', async () => {
    putTool('apt-get', 'echo "E: Unable to fetch some archives" >&2; exit 100')
    expect(await install()).toContain('could not install chromium (E: Unable to fetch some archives)')
  })
})

describe('the emulator that runs what is for arm64', () => {
  const emulate = (isRoot = true) =>
    installTestEmulator(root, ['--project', 'long'], { searchPath: tools, isRoot })

  it('is installed with the compiler, where one of them is missing', async () => {
    putTool('apt-get')
    putTool('qemu-aarch64-static')
    expect(await emulate()).toBeUndefined()
    expect(calls()).toMatch(/^install .* qemu-user-static gcc-aarch64-linux-gnu /)
  })

  it('is left alone where both are there, and told of where nobody may install it', async () => {
    putTool('apt-get')
    expect(await emulate(false)).toMatch(
      /^Tests of what runs on arm64 are skipped: they need the Debian packages /,
    )
    putTool('qemu-aarch64-static')
    putTool('aarch64-linux-gnu-gcc')
    expect(await emulate()).toBeUndefined()
    expect(calls).toThrow('ENOENT')
  })
})
