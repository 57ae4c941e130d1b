import { afterEach, describe, expect, it } from 'vitest'
import { fingerprintOf, makeCertificate } from '../../src/cluster/certificate.ts'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { DeviceServer } from './device-server.ts'
import { driverContract, failureOf, rightPassword, wrongPassword } from './driver-contract.ts'
import { SilentPort } from './rude-server.ts'
import { TuringPiStandIn } from './turing-pi-stand-in.ts'

for (const login of ['token', 'basic'] as const)
  driverContract(
    `a Turing Pi with ${login} authentication`,
    async () => {
      const standIn = new TuringPiStandIn(rightPassword)
      await standIn.server.listen()
      const { server } = standIn
      const settings = { driver: 'turing-pi', url: server.url, node: 3, login, password: rightPassword }
      return { server, standIn, settings, withPassword: (password) => ({ password }) }
    },
    // The BMC repeats what it was told.
    { observes: false, isVariant: login === 'basic' },
  )

describe('a Turing Pi', () => {
  let bmc: TuringPiStandIn
  const open = (settings: Record<string, unknown> = {}) =>
    makeDriver(
      checkDriverSettings(
        { driver: 'turing-pi', url: bmc.server.url, node: 3, password: rightPassword, ...hasty, ...settings },
        'power',
      ),
    )
  const hasty = { confirmSeconds: 0.3, attempts: 2, retrySeconds: 0.01, timeoutSeconds: 1 }
  const start = async (...args: ConstructorParameters<typeof TuringPiStandIn>) => {
    bmc = new TuringPiStandIn(...args)
    await bmc.server.listen()
  }
  afterEach(() => bmc.server.close())

  it('is asked for a token once, which then serves', async () => {
    await start(rightPassword)
    const driver = open()
    await driver.on()
    await driver.off()
    const logins = bmc.server.calls.filter(({ url }) => url.pathname === '/api/bmc/authenticate')
    expect(logins).toHaveLength(1)
  })

  it('is asked for another token when the first has run out', async () => {
    await start(rightPassword)
    const driver = open()
    await driver.on()
    bmc.forgetTokens()
    expect(await driver.off()).toMatchObject({ confirmed: true, attempts: 1 })
  })

  it('never bans a head with a wrong password, however often that asks', async () => {
    await start(rightPassword)
    for (const login of ['token', 'basic']) {
      const driver = open({ login, password: wrongPassword })
      for (let asked = 0; asked < 10; asked++) await failureOf(asked % 2 ? driver.on() : driver.state())
    }
    expect(bmc.server.calls).toHaveLength(2)
    expect(bmc.isBanned).toBe(false)
    expect(await open().on()).toMatchObject({ confirmed: true })
  })

  it('that has banned this address says so, and is left alone', async () => {
    await start(rightPassword)
    for (let failed = 0; failed < 5; failed++)
      await failureOf(open({ login: 'basic', password: 'no' }).state())
    const sent = bmc.server.calls.length
    const driver = open()
    expect((await failureOf(driver.on())).words).toContain('Access blocked')
    await failureOf(driver.on())
    expect(bmc.server.calls).toHaveLength(sent + 1)
  })

  it('that says half of its token has none of that repeated', async () => {
    await start(rightPassword)
    const server = await new DeviceServer(() => ({ text: '{"id":"b0b1b2b3-c4' })).listen()
    const { code, words } = await failureOf(open({ url: server.url, attempts: 1 }).on())
    await server.close()
    expect(code).toBe('E_POWER_ANSWER')
    expect(words).not.toContain('b0b1b2b3')
  })

  it('of old firmware has no authentication', async () => {
    await start()
    expect(await open({ login: 'none' }).on()).toMatchObject({ confirmed: true })
    expect(bmc.server.calls.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  it.each([
    // Linux gives all of 127.0.0.0/8 to this machine, but for its broadcast address.
    ['127.255.255.255', 'unknown'],
    // A refusal comes from a machine that runs.
    ['127.0.0.1', 'on'],
  ])('says that it has the node down as on, and a probe of %s observes %s', async (host, observed) => {
    await start(rightPassword)
    const driver = open({ probe: { host, port: 1 }, confirmSeconds: 0, timeoutSeconds: 3 })
    await driver.on()
    expect(await driver.state()).toMatchObject({ commanded: 'on', observed })
  })

  it('that says on, of a node that does not come up, is not believed where a probe looks', async () => {
    await start(rightPassword)
    const silent = await new SilentPort().listen()
    const probe = { host: '127.0.0.1', port: silent.port }
    const { code, words } = await failureOf(open({ probe, attempts: 1, timeoutSeconds: 3 }).on())
    expect([code, words.includes('does not answer')]).toEqual(['E_POWER_UNCHANGED', true])
    await silent.close()
  })

  it('with a certificate of its own is trusted by its fingerprint, and told nothing before that', async () => {
    const { key, certificate } = makeCertificate(['127.0.0.1'])
    await start(rightPassword, { key, cert: certificate })
    const { code, words } = await failureOf(open().on())
    expect([code, /certificate|self.signed/i.test(words)]).toEqual(['E_POWER_UNREACHABLE', true])
    expect(await failureOf(open({ fingerprint: '00'.repeat(32) }).on())).toMatchObject({
      code: 'E_POWER_UNREACHABLE',
    })
    expect(bmc.server.calls).toEqual([])
    expect(await open({ fingerprint: fingerprintOf(certificate) }).on()).toMatchObject({ confirmed: true })
    expect(await open({ insecure: true }).off()).toMatchObject({ confirmed: true })
  })
})
