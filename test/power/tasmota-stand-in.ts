import { type Answer, DeviceServer } from './device-server.ts'
import type { Outlet } from './shelly-stand-in.ts'

interface TasmotaOptions {
  readonly password?: string
  /** Newer firmware refuses with a status, older with a warning in an answer of status 200. */
  readonly refusal?: 'status' | 'warning' | 'echo'
  readonly relays?: number
  readonly hasMeter?: boolean
}

/** `/cm` as Tasmota's documentation of its commands has it; only the last relay has the outlet behind it. */
export function tasmota(outlet: Outlet, options: TasmotaOptions): DeviceServer {
  const { password, refusal = 'status', relays = 1, hasMeter = true } = options
  return new DeviceServer(({ url }): Answer => {
    const given = url.searchParams
    if (password !== undefined && (given.get('user') !== 'admin' || given.get('password') !== password)) {
      if (refusal === 'echo') return { status: 401, text: `refused: ${url.search}` }
      const json = { WARNING: 'Need user=<username>&password=<password>' }
      return { status: refusal === 'status' ? 401 : 200, json }
    }
    const [name = '', word = ''] = (given.get('cmnd') ?? '').split(' ')
    if (name === 'Status' && word === '5') return { json: { StatusNET: { Mac: 'A4:CF:12:6F:00:1D' } } }
    if (name === 'Status') return { json: { StatusSNS: { Time: '2026-01-01T00:00:00', ...energy() } } }
    if (name.slice(0, 5) !== 'Power' || Number(name.slice(5)) > relays)
      return { json: { Command: 'Unknown' } }
    if (word === 'on' || word === 'off') outlet.turn(word)
    const key = relays === 1 ? 'POWER' : `POWER${name.slice(5)}`
    return { json: { [key]: outlet.isClosed ? 'ON' : 'OFF' } }
  })

  function energy() {
    if (!hasMeter) return {}
    const each = (value: number) => (relays === 1 ? value : [...Array<number>(relays - 1).fill(0), value])
    const total = outlet.wattHours / 1_000
    return {
      ENERGY: { Total: each(total), Power: each(outlet.watts), Voltage: 230, Current: 0.02, Factor: 0.9 },
    }
  }
}
