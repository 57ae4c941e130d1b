import type { DriverSettings } from './settings.ts'

/**
 * What a driver switches, as a text that is the same for two drivers of one thing: a plug's relay, a port of a switch, a slot
 * of a board, a network card, a machine. None for programs and web addresses, of which nobody knows what they switch, and for
 * the node's own agent.
 */
export function switchedThings(settings: DriverSettings): readonly string[] {
  switch (settings.driver) {
    case 'shelly':
    case 'tasmota':
      return [`${hostOf(settings.url)}, relay ${settings.channel}`]
    case 'turing-pi':
      return [`${hostOf(settings.url)}, node ${settings.node}`]
    case 'poe':
      return [`${settings.host.toLowerCase()}, port ${settings.group}.${settings.switchPort}`]
    case 'mqtt':
      return [`${hostOf(settings.broker)}, ${settings.commandTopic}`]
    case 'wake-on-lan':
      return [`network card ${settings.mac.replaceAll('-', ':').toLowerCase()}`]
    case 'ssh':
      return [`${settings.host.toLowerCase()}, ssh port ${settings.port}`]
    case 'pair':
      return [...new Set([settings.on, ...settings.off].flatMap(switchedThings))]
    case 'agent':
    case 'exec':
    case 'webhook':
      return []
  }
}

const hostOf = (url: string): string => new URL(url).host
