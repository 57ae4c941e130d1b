import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { checkMeterSettings, makeMeter } from '../../src/power/meters/settings.ts'
import { findServer, ServerProcess } from './debian-server.ts'
import { failureOf } from './driver-contract.ts'
import { freeUdpPort } from './free-port.ts'
import { DatagramRelay, type Spoil } from './rude-server.ts'

const snmpd = findServer('snmpd', 'snmpd')
const agent = fileURLToPath(new URL('./poe-agent.js', import.meta.url))
const [community, authKey, privKey] = ['switch-this', 'auth phrase of ours', 'priv phrase of ours']

/** An answer of version 2c with another number of its request: BER, four bytes behind the type of the answer. */
function spoiltNumber(answer: Buffer): Buffer {
  const spoilt = Buffer.from(answer)
  const pdu = spoilt.indexOf(0xa2)
  if (pdu >= 0) spoilt[pdu + 5] = spoilt[pdu + 5]! ^ 0x55
  return spoilt
}

/** The PoE switch of these tests: Net-SNMP's agent with RFC 3621's tables from a file. */
describe.skipIf(snmpd === undefined)('a port of a PoE switch', () => {
  let folder: string
  let port: number
  let server: ServerProcess
  const table = () => JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')) as Record<string, Port>
  const setTable = (ports: Record<string, Port>) =>
    writeFileSync(join(folder, 'ports.json'), JSON.stringify(ports))

  interface Port {
    admin: number
    /** `never` has nobody on it who takes power, `fault` a short circuit. */
    load: 'board' | 'never' | 'fault'
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'paceline-snmpd-'))
    port = await freeUdpPort()
    const configuration = [
      `rwcommunity ${community} 127.0.0.1`,
      'rocommunity look-only 127.0.0.1',
      `createUser ops SHA "${authKey}" AES "${privKey}"`,
      'rwuser ops authPriv',
      `createUser noprivacy SHA-256 "${authKey}"`,
      'rwuser noprivacy authNoPriv',
      `pass_persist .1.3.6.1.2.1.105 ${process.execPath} ${agent} ${join(folder, 'ports.json')}`,
    ]
    writeFileSync(join(folder, 'snmpd.conf'), `${configuration.join('\n')}\n`)
    setTable({})
    const args = ['-f', '-Lo', '-C', '-c', join(folder, 'snmpd.conf'), `udp:127.0.0.1:${port}`]
    // Its folder for keys of version 3, which otherwise belongs to root, and no descriptions of objects, for speed.
    server = new ServerProcess(snmpd!, args, { SNMP_PERSISTENT_DIR: join(folder, 'kept'), MIBS: '' })
    await server.says('NET-SNMP version')
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() =>
    setTable({
      5: { admin: 2, load: 'board' },
      6: { admin: 2, load: 'never' },
      7: { admin: 2, load: 'fault' },
    }),
  )

  const second = { version: '2c', community }
  const third = { version: '3', user: 'ops', authKey, privKey }
  const open = (settings: Record<string, unknown> = {}) =>
    makeDriver(
      checkDriverSettings(
        {
          driver: 'poe',
          host: '127.0.0.1',
          port,
          snmp: second,
          switchPort: 5,
          confirmSeconds: 2,
          attempts: 1,
          timeoutSeconds: 3,
          ...settings,
        },
        'power',
      ),
    )

  it.each([
    ['version 2c', second],
    ['version 3 with privacy', third],
    ['version 3 without privacy', { version: '3', user: 'noprivacy', authProtocol: 'sha256', authKey }],
  ])('is switched on and off by %s', async (_name, snmp) => {
    const driver = open({ snmp })
    const on = await driver.on()
    expect(on).toMatchObject({ confirmed: true, state: { asked: 'on', commanded: 'on', observed: 'on' } })
    expect(table()[5]?.admin).toBe(1)
    expect(await driver.off()).toMatchObject({
      confirmed: true,
      state: { commanded: 'off', observed: 'off' },
    })
    expect(table()[5]?.admin).toBe(2)
  })

  it.each([
    [6, 'searching'],
    [7, 'fault'],
  ])('%i that is enabled and delivers nothing is not on: %s', async (switchPort, words) => {
    const failure = await failureOf(open({ switchPort, confirmSeconds: 0.3 }).on())
    expect(failure.code).toBe('E_POWER_UNCHANGED')
    expect(failure.words).toContain(`told on, but port enabled, ${words}`)
    expect(await open({ switchPort }).state()).toMatchObject({ commanded: 'on', observed: 'off' })
  })

  it('shows what a second controller has done', async () => {
    const driver = open()
    await driver.on()
    setTable({ 5: { admin: 2, load: 'board' } })
    expect(await driver.state()).toMatchObject({ asked: 'on', commanded: 'off', observed: 'off' })
  })

  it('that the switch does not have is refused', async () => {
    expect(await failureOf(open({ switchPort: 48 }).on())).toMatchObject({ code: 'E_POWER_REFUSED' })
    expect(await failureOf(open({ switchPort: 48 }).state())).toMatchObject({ code: 'E_POWER_REFUSED' })
  })

  it('is refused to a community that may only read', async () => {
    const driver = open({ snmp: { version: '2c', community: 'look-only' } })
    expect(await failureOf(driver.on())).toMatchObject({ code: 'E_POWER_REFUSED' })
    expect(await driver.state()).toMatchObject({ commanded: 'off' })
  })

  it('is silent to a wrong community, which is not shown', async () => {
    const driver = open({ snmp: { version: '2c', community: 'guessed-wrong' }, timeoutSeconds: 0.5 })
    const { code, words } = await failureOf(driver.on())
    expect(code).toBe('E_POWER_UNREACHABLE')
    expect(words).not.toContain('guessed-wrong')
  })

  it.each([
    ['user', { ...third, user: 'nobody' }],
    ['authentication key', { ...third, authKey: 'not the right one' }],
  ])('is denied to a wrong %s of version 3, and asked again only after a while', async (_what, snmp) => {
    const driver = open({ snmp })
    const first = await failureOf(driver.on())
    const second = await failureOf(driver.on())
    expect([first.code, second.code]).toEqual(['E_POWER_DENIED', 'E_POWER_DENIED'])
    expect(second.words).toContain('not tried again')
    expect(first.words).not.toMatch(/not the right one|phrase of ours/)
  })

  it('is not there when nothing listens', async () => {
    const driver = open({ port: await freeUdpPort(), timeoutSeconds: 0.5, attempts: 2, retrySeconds: 0 })
    expect(await failureOf(driver.on())).toMatchObject({ code: 'E_POWER_UNREACHABLE' })
  })

  it('is left alone in a dry run, which names the object and not the community', async () => {
    const { sent, what } = await open({ dryRun: true }).on()
    expect([sent, table()[5]?.admin]).toEqual([false, 2])
    expect(what).toBe(`SNMP 2c set 1.3.6.1.2.1.105.1.1.1.3.1.5 = 1 at 127.0.0.1:${port}`)
  })

  it('stops when it is told to', async () => {
    const silent = open({ port: await freeUdpPort(), timeoutSeconds: 30 })
    await expect(silent.on(AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  describe('behind a network that spoils answers', () => {
    let relay: DatagramRelay
    beforeEach(async () => {
      relay = await new DatagramRelay(port).listen()
    })
    afterEach(() => relay.close())
    /** Spoils so many answers, and passes on the rest. */
    const spoil = (times: number, how: Spoil) => {
      let left = times
      relay.spoil = (answer) => (left-- > 0 ? how(answer) : answer)
    }
    const ways: [string, Spoil][] = [
      ['half an answer', (answer) => answer.subarray(0, answer.length / 2)],
      ['an empty answer', () => Buffer.alloc(0)],
      ['noise', (answer) => Buffer.alloc(answer.length, 0xa5)],
      ['nothing', () => null],
      // The number of the request is in the middle: the answer is to another question.
      ['the answer to another question', (answer) => spoiltNumber(answer)],
    ]

    it.each(ways)('gets over %s of version 2c', async (_what, how) => {
      spoil(1, how)
      const driver = open({ port: relay.port, attempts: 3, retrySeconds: 0.05, timeoutSeconds: 1.5 })
      expect(await driver.on()).toMatchObject({ confirmed: true })
      expect(table()[5]?.admin).toBe(1)
    })

    // The numbers of version 3's requests are hidden from whoever stands between.
    it.each(ways.slice(0, -1))('gives up where it is always %s, with version 3', async (_what, how) => {
      spoil(1_000, how)
      const driver = open({
        port: relay.port,
        snmp: third,
        attempts: 2,
        retrySeconds: 0.05,
        timeoutSeconds: 0.4,
      })
      const { code, words } = await failureOf(driver.on())
      expect(code).toMatch(/^E_POWER_(ANSWER|UNREACHABLE|DENIED)$/)
      expect(words).not.toMatch(/phrase of ours/)
      spoil(0, how)
      expect(await open({ port: relay.port, snmp: third }).on()).toMatchObject({ confirmed: true })
    })
  })

  it('of a switch that hangs for a while is switched when that is over', async () => {
    server.freeze()
    const switching = open({ attempts: 5, retrySeconds: 0.1, timeoutSeconds: 0.4 }).on()
    await new Promise((resolve) => setTimeout(resolve, 600))
    server.thaw()
    const { confirmed, attempts } = await switching
    expect([confirmed, attempts > 1]).toEqual([true, true])
  })

  it('has one command under way, never two', async () => {
    const driver = open()
    const first = driver.on()
    expect(await failureOf(driver.off())).toMatchObject({ code: 'E_POWER_BUSY' })
    expect(await first).toMatchObject({ confirmed: true })
    expect(await driver.off()).toMatchObject({ confirmed: true })
  })

  it.each([
    ['all ports together', {}, 6, '1.3.6.1.2.1.105.1.3.1.1.4.1'],
    [
      'an object of the maker, in its unit',
      { object: '1.3.6.1.2.1.105.1.1.1.6.1.5', wattsPerUnit: 0.5 },
      1.5,
      '1.3.6.1.2.1.105.1.1.1.6.1.5',
    ],
  ])('is measured by %s', async (_what, more, watts, object) => {
    await open().on()
    const settings = { meter: 'snmp', host: '127.0.0.1', port, snmp: third, ...more }
    const reading = await makeMeter(checkMeterSettings(settings, 'meter'), () => 0).read()
    const source = `snmp ${object} at 127.0.0.1`
    expect(reading).toEqual({ watts, source, basis: 'measured', boundary: 'port' })
  })

  it('is not measured where the switch has no such object', async () => {
    const settings = { meter: 'snmp', host: '127.0.0.1', port, snmp: second, group: 7 }
    const meter = makeMeter(checkMeterSettings(settings, 'meter'), () => 0)
    expect(await failureOf(meter.read())).toMatchObject({ code: 'E_POWER_REFUSED' })
  })
})
