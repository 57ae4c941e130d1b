import { createHash, randomBytes } from 'node:crypto'
import { type Answer, type Call, DeviceServer } from './device-server.ts'
import type { StandIn } from './driver-contract.ts'

/** A relay with a meter and a board behind it. */
export class Outlet implements StandIn {
  isClosed = false
  /** The relay takes commands, and nothing is drawn: a board that is switched off by itself, a cable that is out. */
  isStuck = false
  wattHours = 12.5

  get watts(): number {
    return this.isClosed && !this.isStuck ? 4.2 : 0
  }

  get isOn(): boolean {
    return this.watts > 0
  }

  turn(power: 'on' | 'off'): void {
    this.isClosed = power === 'on'
  }
}

/** Of all of them here. */
export const shellyMac = 'A8032ABE54DC'

/** Generation 1 as its documentation has it: `/relay/0`, `/status`, basic authentication. */
export function firstShelly(outlet: Outlet, password?: string): DeviceServer {
  return new DeviceServer(({ url, headers }): Answer => {
    const expected = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
    if (password !== undefined && headers.authorization !== expected)
      return {
        status: 401,
        headers: { 'WWW-Authenticate': 'Basic realm="Shelly"' },
        text: '401 Unauthorized',
      }
    const turn = url.searchParams.get('turn')
    if (url.pathname === '/shelly') return { json: { type: 'SHPLG-S', mac: shellyMac, auth: false } }
    if (url.pathname === '/relay/0') {
      if (turn === 'on' || turn === 'off') outlet.turn(turn)
      return { json: { ison: outlet.isClosed, has_timer: false, overpower: false } }
    }
    const meter = { power: outlet.watts, is_valid: true, total: outlet.wattHours * 60 }
    if (url.pathname === '/status') return { json: { relays: [{ ison: outlet.isClosed }], meters: [meter] } }
    return { status: 404, text: 'Not Found' }
  })
}

/** Generation 2 and later: `/rpc`, digest authentication with SHA-256, a nonce that runs out after some uses. */
export class LaterShelly {
  readonly server: DeviceServer
  readonly #outlet: Outlet
  readonly #password: string | undefined
  #nonce = ''
  #lastCount = 0
  /** How many requests a nonce is good for. */
  nonceUses = 5
  hasMeter = true
  /** The channel that it speaks of, whatever it is asked. */
  answersFor = 0

  constructor(outlet: Outlet, password?: string) {
    this.#outlet = outlet
    this.#password = password
    this.server = new DeviceServer((call) => this.#challenged(call) ?? this.#answer(call.url))
  }

  #challenged({ method, url, headers }: Call): Answer | undefined {
    if (this.#password === undefined) return undefined
    const field = (name: string) =>
      new RegExp(`${name}="?([^",]+)"?`).exec(headers.authorization ?? '')?.[1] ?? ''
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    const identity = hash(`admin:shellyplug-a1:${this.#password}`)
    const action = hash(`${method}:${url.pathname}${url.search}`)
    const parts = [identity, this.#nonce, field('nc'), field('cnonce'), 'auth', action]
    const count = Number.parseInt(field('nc'), 16)
    const isRight = field('response') === hash(parts.join(':')) && field('username') === 'admin'
    if (isRight && field('nonce') === this.#nonce && count > this.#lastCount && count <= this.nonceUses) {
      this.#lastCount = count
      return undefined
    }
    this.#nonce = randomBytes(8).toString('hex')
    this.#lastCount = 0
    const challenge = `Digest qop="auth", realm="shellyplug-a1", nonce="${this.#nonce}", algorithm=SHA-256`
    return { status: 401, headers: { 'WWW-Authenticate': challenge }, text: '' }
  }

  #answer({ pathname, searchParams }: URL): Answer {
    if (pathname === '/shelly') return { json: { id: 'shellyplug-a1', mac: shellyMac, gen: 2 } }
    if (searchParams.get('id') !== '0')
      return { status: 500, json: { code: -105, message: "Argument 'id', value 7 not found!" } }
    if (pathname === '/rpc/Switch.Set') {
      const before = this.#outlet.isClosed
      this.#outlet.turn(searchParams.get('on') === 'true' ? 'on' : 'off')
      return { json: { was_on: before } }
    }
    const { isClosed, watts, wattHours } = this.#outlet
    const meter = this.hasMeter ? { apower: watts, voltage: 231.4, aenergy: { total: wattHours } } : {}
    return { json: { id: this.answersFor, source: 'HTTP_in', output: isClosed, ...meter } }
  }
}
