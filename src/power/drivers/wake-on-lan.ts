import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { pause } from '../pause.ts'
import { secretSetting } from '../secret.ts'
import type { Device, Power } from './driver.ts'
import { portNumber, switchSettings } from './switch-settings.ts'

const macPattern = /^([0-9a-fA-F]{2})([:-])(?:[0-9a-fA-F]{2}\2){4}[0-9a-fA-F]{2}$/

export const wakeOnLanSettings = z.strictObject({
  driver: z.literal('wake-on-lan'),
  mac: z.string().regex(macPattern, 'must look like 00:11:22:33:44:55'),
  /** The SecureOn password that some network cards want: six bytes, written as a MAC address. */
  secureOn: secretSetting
    .refine((secret) => macPattern.test(secret.reveal()), 'must be six bytes, as 00:11:22:33:44:55')
    .exactOptional(),
  /** 9 (discard) by custom, 7 for some. */
  port: portNumber.default(9),
  /** Where to send: by default the broadcast address of every network of this machine, from that interface. */
  broadcast: z.array(z.ipv4()).min(1).exactOptional(),
  /** Only these interfaces of this machine. */
  interfaces: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Nobody acknowledges a magic packet, so that it goes out more than once. */
  packets: z.int().min(1).max(20).default(3),
  ...switchSettings,
  /** A board takes that long to boot; it is seen only where there is a `probe`. */
  confirmSeconds: z.number().min(0).max(600).default(90),
})

type WakeOnLanSettings = z.output<typeof wakeOnLanSettings>

/** The networks of this machine, as `os.networkInterfaces` has them. */
export type Interfaces = () => ReturnType<typeof networkInterfaces>

const bytesOf = (mac: string) => Buffer.from(mac.replaceAll(/[:-]/g, ''), 'hex')

/** Six bytes FF, sixteen times the address, and the SecureOn password if there is one: 102 or 108 bytes. */
export function magicPacket(mac: string, secureOn?: string): Buffer {
  const repeated = Array.from({ length: 16 }, () => bytesOf(mac))
  return Buffer.concat([Buffer.alloc(6, 0xff), ...repeated, ...(secureOn ? [bytesOf(secureOn)] : [])])
}

/** Wakes; for off it needs a partner (`pair`). Whether a board wakes at all depends on the board: try it first. */
export function wakeOnLanDevice(
  settings: WakeOnLanSettings,
  interfaces: Interfaces = networkInterfaces,
): Device {
  const name = `wake-on-lan to ${settings.mac}`
  const describe = (power: Power) =>
    power === 'off'
      ? 'nothing: it only wakes'
      : `${settings.packets} magic packets for ${settings.mac} to ${targets(settings, interfaces).map(words).join(', ')}`
  return {
    kind: 'wake-on-lan',
    name,
    describe,
    command: async (power, signal) => {
      if (power === 'off') throw new PacelineError('E_POWER_CANNOT', `${name}: it only wakes`)
      const found = targets(settings, interfaces)
      if (found.length === 0)
        throw new PacelineError('E_POWER_UNREACHABLE', `${name}: this machine has no network to send it to`)
      const packet = magicPacket(settings.mac, settings.secureOn?.reveal())
      for (let sent = 0; sent < settings.packets; sent++) {
        if (sent > 0) await pause(100, signal)
        const results = await Promise.allSettled(found.map((target) => send(packet, target, settings.port)))
        const failed = results.filter((result) => result.status === 'rejected')
        // One network that is down is no reason to give up as long as another took it.
        if (failed.length === results.length)
          throw new PacelineError('E_POWER_UNREACHABLE', `${name}: ${failed[0]?.reason}`)
      }
    },
  }
}

interface Target {
  readonly broadcast: string
  /** Our own address on the interface to send from. */
  readonly from?: string
}

const words = ({ broadcast, from }: Target) => (from ? `${broadcast} from ${from}` : broadcast)

function targets({ broadcast, interfaces: only }: WakeOnLanSettings, interfaces: Interfaces): Target[] {
  if (broadcast) return broadcast.map((address) => ({ broadcast: address }))
  return Object.entries(interfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal }) => family === 'IPv4' && (only ? only.includes(name) : !internal))
      .map(({ address, netmask }) => ({ broadcast: broadcastOf(address, netmask), from: address })),
  )
}

/** The last address of a network, which everybody in it receives. */
function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number)
  return address
    .split('.')
    .map((part, index) => Number(part) | (~(mask[index] ?? 0) & 0xff))
    .join('.')
}

async function send(packet: Buffer, { broadcast, from }: Target, port: number): Promise<void> {
  const socket = createSocket('udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, from, () => {
        socket.setBroadcast(true)
        socket.send(packet, port, broadcast, (error) => (error ? reject(error) : resolve()))
      })
    })
  } finally {
    socket.close()
  }
}
