import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { findServer, ServerProcess } from './debian-server.ts'
import { failureOf } from './driver-contract.ts'
import { freePort, listening } from './free-port.ts'
import { RudeServer, SilentPort } from './rude-server.ts'

const sshd = findServer('sshd', 'openssh-server')

describe.skipIf(sshd === undefined)('a node reached by ssh', () => {
  let folder: string
  let port: number
  let server: ServerProcess
  const inFolder = (name: string) => join(folder, name)
  const makeKey = (name: string) =>
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', inFolder(name)])

  const start = async () => {
    server = new ServerProcess(sshd!, ['-D', '-e', '-f', inFolder('sshd_config')])
    await listening(port)
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'paceline-sshd-'))
    port = await freePort()
    for (const name of ['host', 'other-host', 'ours', 'theirs']) makeKey(name)
    // The folder that sshd wants when root starts it; Debian makes it when the service starts.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
    writeFileSync(inFolder('authorized_keys'), readFileSync(inFolder('ours.pub')))
    const known = (name: string) => `[127.0.0.1]:${port} ${readFileSync(inFolder(`${name}.pub`), 'utf8')}`
    writeFileSync(inFolder('known_hosts'), known('host'))
    writeFileSync(inFolder('wrong_hosts'), known('other-host'))
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${inFolder('host')}`,
      `AuthorizedKeysFile ${inFolder('authorized_keys')}`,
      `PidFile ${inFolder('sshd.pid')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      // What a user may do on the node is the node's business: one command, by its sudoers or by this.
      `ForceCommand ${inFolder('do')}`,
    ]
    writeFileSync(inFolder('sshd_config'), `${lines.join('\n')}\n`)
    await start()
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true })
  })
  /** What the node does with the command it is sent. */
  const nodeDoes = (shell: string) => {
    rmSync(inFolder('asked'), { force: true })
    writeFileSync(
      inFolder('do'),
      `#!/bin/sh\necho "$SSH_ORIGINAL_COMMAND" >>${inFolder('asked')}\n${shell}\n`,
    )
    chmodSync(inFolder('do'), 0o755)
  }
  beforeEach(() => nodeDoes('exit 0'))
  const asked = () => readFileSync(inFolder('asked'), 'utf8')

  const open = (settings: Record<string, unknown> = {}) =>
    makeDriver(
      checkDriverSettings(
        {
          driver: 'ssh',
          host: '127.0.0.1',
          port,
          user: userInfo().username,
          identityFile: inFolder('ours'),
          knownHostsFile: inFolder('known_hosts'),
          confirmSeconds: 0,
          retrySeconds: 0.05,
          attempts: 2,
          ...settings,
        },
        'power',
      ),
    )

  it('is asked to power off', async () => {
    expect(await open().off()).toMatchObject({ sent: true, attempts: 1 })
    expect(asked()).toBe('sudo -n systemctl poweroff\n')
  })

  it('is asked to suspend, or whatever else is wanted', async () => {
    await open({ action: 'suspend' }).off()
    await open({ command: "systemctl poweroff --message='night'" }).off()
    expect(asked()).toBe("sudo -n systemctl suspend\nsystemctl poweroff --message='night'\n")
  })

  it('is seen to be up by its port', async () => {
    expect(await open().state()).toMatchObject({ asked: 'unknown', commanded: 'unknown', observed: 'on' })
  })

  it('that says off and stays up is found out', async () => {
    const { code, words } = await failureOf(open({ confirmSeconds: 0.3, attempts: 1 }).off())
    expect([code, words.includes(`port ${port} of 127.0.0.1 answers`)]).toEqual(['E_POWER_UNCHANGED', true])
  })

  it('that cuts the connection because it goes down has done as it was told', async () => {
    // The parent of the shell is the process of this connection.
    nodeDoes('kill -9 $PPID; sleep 1')
    expect(await open({ attempts: 1 }).off()).toMatchObject({ sent: true })
  })

  it('refuses by what its command says', async () => {
    nodeDoes('echo "sudo: a password is required" >&2; exit 1')
    const { code, words } = await failureOf(open().off())
    expect([code, words.includes('sudo: a password is required')]).toEqual(['E_POWER_REFUSED', true])
    expect(asked().trim().split('\n')).toHaveLength(2)
  })

  it('denies a key that it does not know, and is asked once', async () => {
    const driver = open({ identityFile: inFolder('theirs') })
    expect(await failureOf(driver.off())).toMatchObject({ code: 'E_POWER_DENIED' })
    expect((await failureOf(driver.off())).words).toContain('not tried again')
    expect(existsSync(inFolder('asked'))).toBe(false)
  })

  it('that shows the key of another host is told nothing', async () => {
    const { code, words } = await failureOf(open({ knownHostsFile: inFolder('wrong_hosts') }).off())
    expect([code, /host key/i.test(words)]).toEqual(['E_POWER_UNREACHABLE', true])
    expect(existsSync(inFolder('asked'))).toBe(false)
  })

  it('is not there', async () => {
    expect(await failureOf(open({ port: await freePort() }).off())).toMatchObject({
      code: 'E_POWER_UNREACHABLE',
    })
  })

  it('that hangs is given up in time', async () => {
    nodeDoes('sleep 20')
    const began = performance.now()
    expect(await failureOf(open({ timeoutSeconds: 1, attempts: 1 }).off())).toMatchObject({
      code: 'E_POWER_UNREACHABLE',
    })
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it.each([
    ['half a greeting', 'SSH-2.0-Open'],
    ['a greeting and nothing more', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['noise', 'SSH-\u0000\u0001\u0002 what?\r\n'.repeat(50)],
  ])('that answers with %s was not told anything', async (_what, words) => {
    const rude = await new RudeServer(words, 'hangs up').listen()
    const { code } = await failureOf(
      open({ port: rude.port, timeoutSeconds: 3, hostKeys: 'accept-new' }).off(),
    )
    expect(code).toBe('E_POWER_UNREACHABLE')
    await rude.close()
  })

  it('that somebody else has switched off is seen to be off', async () => {
    const driver = open()
    expect((await driver.state()).observed).toBe('on')
    const silent = await new SilentPort().listen()
    const asleep = open({ port: silent.port })
    expect(await asleep.state()).toMatchObject({ asked: 'unknown', observed: 'off' })
    await silent.close()
  })

  it('has one command under way, never two', async () => {
    nodeDoes('sleep 0.3')
    const driver = open()
    const first = driver.off()
    expect(await failureOf(driver.off())).toMatchObject({ code: 'E_POWER_BUSY' })
    await first
    expect(asked()).toBe('sudo -n systemctl poweroff\n')
  })

  it('is not switched on by ssh', async () => {
    expect(await failureOf(open().on())).toMatchObject({ code: 'E_POWER_CANNOT' })
  })

  it('hears nothing in a dry run', async () => {
    const { sent, what } = await open({ dryRun: true }).off()
    expect([sent, what.endsWith(': sudo -n systemctl poweroff')]).toEqual([false, true])
    expect(existsSync(inFolder('asked'))).toBe(false)
  })
})
