import { randomBytes } from 'node:crypto'
import { type Answer, type Call, DeviceServer } from './device-server.ts'
import type { StandIn } from './driver-contract.ts'

/**
 * The BMC of a Turing Pi 2 as its source has it: basic and bearer authentication, five failures and then a ban that
 * doubles, power of four nodes as the BMC has it down.
 */
export class TuringPiStandIn implements StandIn {
  readonly server: DeviceServer
  readonly #password: string | undefined
  readonly #nodes = [false, false, false, false]
  readonly #tokens = new Set<string>()
  #failures = 0
  #bannedUntilMs = 0
  isStuck = false

  constructor(password?: string, tls?: { key: string; cert: string }) {
    this.#password = password
    this.server = new DeviceServer((call) => this.#answer(call), tls)
  }

  get isOn(): boolean {
    return this.#nodes[2]!
  }

  get isBanned(): boolean {
    return performance.now() < this.#bannedUntilMs
  }

  turn(power: 'on' | 'off'): void {
    this.#nodes[2] = power === 'on'
  }

  /** All sessions run out, as after three idle hours or a restart. */
  forgetTokens(): void {
    this.#tokens.clear()
  }

  #answer(call: Call): Answer {
    if (call.url.pathname === '/api/bmc/authenticate') return this.#authenticate(call.body)
    const refusal = this.#password === undefined ? undefined : this.#refusal(call.headers.authorization)
    return refusal ?? this.#power(call.url.searchParams)
  }

  #authenticate(body: string): Answer {
    if (this.isBanned) return { status: 403, text: banned }
    const { username, password } = JSON.parse(body) as { username: string; password: string }
    if (!this.#judge(username === 'root' && password === this.#password))
      return { status: 403, text: 'credentials incorrect' }
    const id = randomBytes(32).toString('hex')
    this.#tokens.add(id)
    return { headers: { 'X-Auth-Token': id }, json: { id, name: 'User Session', username } }
  }

  #refusal(authorization: string | undefined): Answer | undefined {
    const refuse = (text: string) => ({
      status: 401,
      headers: { 'WWW-Authenticate': 'Basic realm="bmc"' },
      text,
    })
    if (authorization === undefined) return refuse('no authorization header provided')
    if (this.isBanned) return refuse(banned)
    const [scheme, credentials = ''] = authorization.split(' ')
    if (scheme === 'Bearer')
      return this.#tokens.has(credentials) ? undefined : refuse(`token ${credentials} is not registered`)
    const expected = Buffer.from(`root:${this.#password}`).toString('base64')
    return this.#judge(credentials === expected) ? undefined : refuse('credentials incorrect')
  }

  #judge(isRight: boolean): boolean {
    this.#failures = isRight ? 0 : this.#failures + 1
    const severity = 2 ** Math.min(10, this.#failures - 5)
    if (this.#failures >= 5) this.#bannedUntilMs = performance.now() + 60_000 * severity
    return isRight
  }

  #power(query: URLSearchParams): Answer {
    if (query.get('type') !== 'power') return { status: 400, text: 'Invalid `type` parameter' }
    if (query.get('opt') === 'get') {
      const record = this.#nodes.map((isOn, index) => [`node${index + 1}`, isOn ? '1' : '0'])
      return { json: { response: [{ result: [Object.fromEntries(record)] }] } }
    }
    for (const index of this.#nodes.keys()) {
      const word = query.get(`node${index + 1}`)
      if (word !== null && !this.isStuck) this.#nodes[index] = word === '1'
    }
    return { json: { response: [{ result: 'ok' }] } }
  }
}

const banned = 'Exceeded allowed authentication attempts. Access blocked for 1m'
