import { afterEach, describe, expect, it } from 'vitest'
import { checkDriverSettings, makeDriver } from '../../src/power/drivers/settings.ts'
import { type Answer, DeviceServer } from './device-server.ts'
import { driverContract, failureOf, rightPassword, type StandIn } from './driver-contract.ts'

/** A computer behind a Redfish service: it is on its way for a moment before it is on or off. */
class Computer implements StandIn {
  #isOn = false
  #moments = 0
  isStuck = false

  get isOn(): boolean {
    return this.#isOn
  }

  /** PowerState of DSP0268, ComputerSystem. */
  get powerState(): string {
    if (this.#moments > 0) {
      this.#moments -= 1
      return this.#isOn ? 'PoweringOn' : 'PoweringOff'
    }
    return this.#isOn ? 'On' : 'Off'
  }

  turn(power: 'on' | 'off', moments = 0): void {
    if (this.isStuck) return
    this.#isOn = power === 'on'
    this.#moments = moments
  }
}

const reset = '/redfish/v1/Systems/1/Actions/ComputerSystem.Reset'

function redfish(computer: Computer): DeviceServer {
  const expected = `Basic ${Buffer.from(`admin:${rightPassword}`).toString('base64')}`
  return new DeviceServer(({ method, url, headers, body }): Answer => {
    // Some services repeat the header in their logs and answers.
    if (headers.authorization !== expected) return { status: 401, text: `refused ${headers.authorization}` }
    if (url.pathname === '/redfish/v1/Systems/1' && method === 'GET')
      return { json: { '@odata.id': url.pathname, PowerState: computer.powerState } }
    if (url.pathname !== reset || method !== 'POST') return { status: 404, text: 'no such resource' }
    if (headers['content-type'] !== 'application/json') return { status: 415, text: 'JSON, please' }
    const { ResetType } = JSON.parse(body) as { ResetType: string }
    computer.turn(ResetType === 'On' ? 'on' : 'off', 1)
    return { status: 204, text: '' }
  })
}

/** As docs/power.md has it. */
const settingsFor = (url: string) => ({
  driver: 'webhook',
  on: { url: `${url}${reset}`, body: '{"ResetType":"On"}' },
  off: { url: `${url}${reset}`, body: '{"ResetType":"ForceOff"}' },
  state: {
    url: `${url}/redfish/v1/Systems/1`,
    onPattern: '"PowerState":\\s*"On"',
    offPattern: '"PowerState":\\s*"Off"',
    means: 'commanded',
  },
  login: { scheme: 'basic', user: 'admin', password: rightPassword },
})

driverContract(
  'a computer behind Redfish, by webhook',
  async () => {
    const standIn = new Computer()
    const server = await redfish(standIn).listen()
    const settings = settingsFor(server.url)
    return {
      server,
      standIn,
      settings,
      withPassword: (password) => ({ login: { ...settings.login, password } }),
    }
  },
  { observes: false, anyAnswerWillDo: true },
)

describe('a webhook', () => {
  let server: DeviceServer
  afterEach(() => server?.close())
  const open = (settings: Record<string, unknown>) =>
    makeDriver(
      checkDriverSettings({ driver: 'webhook', attempts: 1, confirmSeconds: 0, ...settings }, 'power'),
    )

  it('sends tokens and secret headers, and shows neither', async () => {
    server = await new DeviceServer(({ headers }) => ({
      status: 500,
      text: `no: ${headers.authorization} ${headers['x-key']}`,
    })).listen()
    const driver = open({
      on: { url: `${server.url}/on` },
      login: { scheme: 'bearer', token: 'token-1234' },
      secretHeaders: { 'X-Key': 'key-5678' },
    })
    const { code, words } = await failureOf(driver.on())
    expect(code).toBe('E_POWER_REFUSED')
    expect(server.calls[0]?.headers).toMatchObject({
      authorization: 'Bearer token-1234',
      'x-key': 'key-5678',
    })
    expect(words).not.toMatch(/token-1234|key-5678/)
  })

  it('whose only key is its address shows that to nobody, though the server repeats it', async () => {
    const key = '/api/webhook/hunter2'
    server = await new DeviceServer(({ url }) => ({
      status: 404,
      headers: { Location: `/login?next=${url.pathname}` },
      text: `Cannot POST ${url.pathname}${url.search}`,
    })).listen()
    const driver = open({ on: { url: `${server.url}${key}?now=hunter3` } })
    const refused = await failureOf(driver.on())
    expect(server.calls[0]?.url.pathname).toBe(key)
    await server.close()
    const away = await failureOf(driver.on())
    expect([refused.code, away.code]).toEqual(['E_POWER_REFUSED', 'E_POWER_UNREACHABLE'])
    expect(refused.words).toContain('HTTP 404 to /login Cannot POST')
    expect(refused.words + away.words).not.toMatch(/hunter/)
  })

  it('answers a digest challenge with MD5, as many old switched sockets want it', async () => {
    server = await new DeviceServer(({ headers }) =>
      headers.authorization?.startsWith('Digest username="ops"')
        ? { text: 'done' }
        : {
            status: 401,
            headers: { 'WWW-Authenticate': 'Digest realm="pdu", nonce="abc", qop="auth"' },
            text: '',
          },
    ).listen()
    const login = { scheme: 'digest', user: 'ops', password: rightPassword }
    const driver = open({ off: { url: `${server.url}/outlet/3?state=0`, method: 'PUT' }, login })
    expect(await driver.off()).toMatchObject({ sent: true, confirmed: false })
    expect(server.calls[1]?.headers.authorization).toContain('uri="/outlet/3?state=0"')
  })

  it('does not follow a redirect, and says where it leads', async () => {
    server = await new DeviceServer(() => ({
      status: 301,
      headers: { Location: 'https://elsewhere/' },
      text: '',
    })).listen()
    const { code, words } = await failureOf(open({ on: { url: server.url } }).on())
    expect([code, words.includes('https://elsewhere/')]).toEqual(['E_POWER_REFUSED', true])
  })

  it('that knows only one of on and off says so', async () => {
    server = await new DeviceServer(() => ({ text: 'ok' })).listen()
    expect(await failureOf(open({ on: { url: server.url } }).off())).toMatchObject({ code: 'E_POWER_CANNOT' })
    expect(server.calls).toEqual([])
  })
})
