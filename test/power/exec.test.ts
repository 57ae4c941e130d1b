import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { failureOf } from './driver-contract.ts'

describe('the driver exec', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paceline-exec-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** A program of our own in the folder. */
  const program = (name: string, shell: string) => {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\ncd ${folder}\n${shell}\n`)
    chmodSync(path, 0o755)
    return path
  }
  const open = (settings: Record<string, unknown>) =>
    makeDriver(
      checkDriverSettings({ driver: 'exec', retrySeconds: 0.01, confirmSeconds: 0.5, ...settings }, 'power'),
    )
  const ipmi = () =>
    program(
      'ipmitool',
      'case $1 in on|off) echo $1 >power;; status) echo "Chassis Power is $(cat power)";; esac',
    )
  const byIpmi = (more: Record<string, unknown> = {}) =>
    open({
      on: [ipmi(), 'on'],
      off: [ipmi(), 'off'],
      state: { command: [ipmi(), 'status'], onPattern: 'is on', offPattern: 'is off' },
      ...more,
    })

  it('runs a program for on, off and the state', async () => {
    const driver = byIpmi()
    expect(await driver.on()).toMatchObject({ confirmed: true, state: { asked: 'on', observed: 'on' } })
    expect(await driver.off()).toMatchObject({ confirmed: true, state: { asked: 'off', observed: 'off' } })
    expect(readFileSync(join(folder, 'power'), 'utf8')).toBe('off\n')
  })

  it('gives arguments as they are, to no shell', async () => {
    await open({ on: [program('show', 'printf "%s|" "$@" >given'), '$(id)', 'a b', ';'] }).on()
    expect(readFileSync(join(folder, 'given'), 'utf8')).toBe('$(id)|a b|;|')
  })

  it('gives secrets by the environment, and nothing else of the environment of the head', async () => {
    process.env.PACELINE_EXEC_TEST = 'the secret of the head'
    const show = program('show', 'env >given')
    await open({ on: [show], secrets: { IPMI_PASSWORD: 'open sesame' } }).on()
    delete process.env.PACELINE_EXEC_TEST
    const given = readFileSync(join(folder, 'given'), 'utf8')
    expect(given).toContain('IPMI_PASSWORD=open sesame\n')
    expect(given).toContain('PACELINE_POWER=on\n')
    expect(given).not.toContain('the secret of the head')
  })

  it('does not take a secret for an argument, where everybody could read it', () => {
    const settings = {
      driver: 'exec',
      on: ['ipmitool', '-P', 'open sesame'],
      secrets: { PASSWORD: 'open sesame' },
    }
    expect(() => checkDriverSettings(settings, 'nodes.a.power')).toThrow('nodes.a.power.on: shows a secret')
  })

  it('masks a secret that the program complains about', async () => {
    const loud = program('loud', 'echo "login failed for $KEY" >&2; exit 3')
    const { code, words } = await failureOf(open({ on: [loud], secrets: { KEY: 'open sesame' } }).on())
    expect(code).toBe('E_POWER_REFUSED')
    expect(words).toContain('ended with 3: login failed for [secret]')
    expect(words).not.toContain('open sesame')
  })

  it('tries a program that fails again, and is content when it works', async () => {
    const flaky = program('flaky', 'echo x >>tries; [ $(wc -l <tries) -ge 3 ]')
    expect(await open({ on: [flaky] }).on()).toMatchObject({ attempts: 3, sent: true })
  })

  it('ends a program that takes too long, with all that it has started', async () => {
    const slow = program('slow', '(sleep 1; touch late) & sleep 30')
    const { code } = await failureOf(open({ on: [slow], attempts: 1, timeoutSeconds: 0.3 }).on())
    expect(code).toBe('E_POWER_UNREACHABLE')
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(existsSync(join(folder, 'late'))).toBe(false)
  })

  it('has ended a program that does not listen before it begins the next, and before it gives up', async () => {
    const stubborn = program(
      'stubborn',
      `trap '' TERM
       for other in $(cat pids 2>/dev/null); do kill -0 "$other" 2>/dev/null && touch met; done
       echo $$ >>pids
       while :; do sleep 0.05; done`,
    )
    const driver = open({ on: [stubborn], attempts: 2, timeoutSeconds: 0.3, retrySeconds: 0.01 })
    expect(await failureOf(driver.on())).toMatchObject({ code: 'E_POWER_UNREACHABLE' })
    const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n')
    expect([pids.length, existsSync(join(folder, 'met'))]).toEqual([2, false])
    expect(pids.filter((pid) => existsSync(join('/proc', pid)))).toEqual([])
  })

  it('says that a program is not there, once', async () => {
    const { code, words } = await failureOf(open({ on: [join(folder, 'nothing')] }).on())
    expect([code, words.includes('ENOENT')]).toEqual(['E_POWER_CANNOT', true])
  })

  it('waits for a state that is neither on nor off to become one', async () => {
    const slowly = program(
      'slowly',
      'echo x >>asked; [ $(wc -l <asked) -ge 3 ] && echo is on || echo is on its way to off',
    )
    const state = { command: [slowly], onPattern: 'is on$', offPattern: 'is off' }
    expect(await open({ on: ['/bin/true'], state }).on()).toMatchObject({ confirmed: true })
  })

  it('does not confirm by half an answer', async () => {
    const half = program('half', 'printf "Chassis Pow"')
    const state = { command: [half], onPattern: 'is on', offPattern: 'is off' }
    expect(await open({ on: ['/bin/true'], state, attempts: 1 }).on()).toMatchObject({
      sent: true,
      confirmed: false,
    })
  })

  it('does not believe a device that says that it is done and is not', async () => {
    const state = { command: [program('status', 'echo is off')], onPattern: 'is on', offPattern: 'is off' }
    const { code, words } = await failureOf(open({ on: ['/bin/true'], state, attempts: 2 }).on())
    expect([code, words.includes('told on, but it says is off')]).toEqual(['E_POWER_UNCHANGED', true])
  })

  it('sees that a second controller has switched it', async () => {
    const driver = byIpmi()
    await driver.on()
    writeFileSync(join(folder, 'power'), 'off\n')
    expect(await driver.state()).toMatchObject({ asked: 'on', observed: 'off' })
  })

  it('has one program under way, never two', async () => {
    const slow = program('slow', 'echo $PACELINE_POWER >>runs; sleep 0.3')
    const driver = open({ on: [slow], off: [slow] })
    const first = driver.on()
    expect(await failureOf(driver.off())).toMatchObject({ code: 'E_POWER_BUSY' })
    await first
    expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('on\n')
  })

  it('does not try a wrong password again where the program says that it is one', async () => {
    const denying = program('denying', 'echo x >>tries; echo "Error: invalid password: $KEY" >&2; exit 1')
    const driver = open({ on: [denying], deniedPattern: 'invalid password', secrets: { KEY: 'open sesame' } })
    const first = await failureOf(driver.on())
    const second = await failureOf(driver.on())
    expect([first.code, second.code]).toEqual(['E_POWER_DENIED', 'E_POWER_DENIED'])
    expect(second.words).toContain('not tried again')
    expect(first.words).not.toContain('open sesame')
    expect(readFileSync(join(folder, 'tries'), 'utf8')).toBe('x\n')
  })

  it('runs nothing in a dry run', async () => {
    const driver = byIpmi({ dryRun: true })
    expect(await driver.off()).toMatchObject({
      sent: false,
      what: `run ${join(folder, 'ipmitool')}, with arguments that are not shown`,
    })
    await driver.state()
    expect(existsSync(join(folder, 'power'))).toBe(false)
  })
})
