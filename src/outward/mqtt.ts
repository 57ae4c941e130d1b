import { setTimeout as sleep } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import {
  type Announcement,
  fleetAnnouncements,
  fleetTopic,
  nodeAnnouncements,
  nodeRemovals,
  nodeTopic,
  statusTopic,
} from './home-assistant.ts'
import type { Outlet, OutwardNode, OutwardState } from './outward-event.ts'
import type { MqttSettings } from './settings.ts'

export interface MqttOutletOptions {
  readonly settings: MqttSettings
  readonly onTrouble: (message: string) => void
  /** From try to try to reach the broker. */
  readonly againMs?: number
}

const farewellMs = 1_000

/**
 * Shows how things stand at an MQTT broker, in retained messages: `TOPIC/fleet`, `TOPIC/node/ID` (JSON) and `TOPIC/status`
 * (`online`, and by the broker itself `offline` when the head is gone), and describes them for Home Assistant. What has not
 * changed is not sent again; a broker that is away is tried again for ever, and gets all when it is back.
 */
export async function openMqttOutlet({
  settings,
  onTrouble,
  againMs = 10_000,
}: MqttOutletOptions): Promise<Outlet> {
  // 44 packages: only who has a broker loads them.
  const { connect } = await import('mqtt')
  const { broker, user, password, topic, discovery } = settings
  const host = new URL(broker).host
  const status = statusTopic(settings)
  const place = discovery === null ? null : { discovery, topic }
  let isTroubled = false
  const client: MqttClient = connect(broker, {
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    clientId: `paceline-${crypto.randomUUID().slice(0, 8)}`,
    ...{ reconnectPeriod: againMs, connectTimeout: againMs, queueQoSZero: false, clean: true },
    will: { topic: status, payload: Buffer.from('offline'), qos: 1, retain: true },
  })
  /** By topic: what the broker has. */
  const shown = new Map<string, string>()
  let nodes = new Map<string, OutwardNode>()
  let state: OutwardState | null = null

  const trouble = (what: string): void => {
    if (!isTroubled) onTrouble(`MQTT broker at ${host}: ${what}`)
    isTroubled = true
  }
  const publish = ({ topic: to, payload }: Announcement): void => {
    if (!client.connected || shown.get(to) === payload) return
    shown.set(to, payload)
    client.publish(to, payload, { qos: 1, retain: true }, (error) => {
      if (error) shown.delete(to)
    })
  }
  const publishAll = (): void => {
    if (!state) return
    if (place) for (const each of fleetAnnouncements(place)) publish(each)
    publish({ topic: fleetTopic(settings), payload: JSON.stringify(state.fleet) })
    for (const node of state.nodes) {
      const { id, name: _name, ...facts } = node
      if (place) for (const each of nodeAnnouncements(place, node)) publish(each)
      publish({ topic: nodeTopic(settings, id), payload: JSON.stringify(facts) })
    }
    // Last: who sees that it is there finds all the rest.
    publish({ topic: status, payload: 'online' })
  }
  const forget = (gone: OutwardNode): void => {
    const removals = place
      ? nodeRemovals(place, gone)
      : [{ topic: nodeTopic(settings, gone.id), payload: '' }]
    for (const each of removals) publish(each)
  }
  client.on('connect', () => {
    isTroubled = false
    shown.clear()
    publishAll()
  })
  client.on('error', (error) => trouble(error.message || String((error as { code?: string }).code)))
  client.on('close', () => trouble('it cannot be reached'))
  return {
    tell: () => {},
    show(next) {
      const known = new Map(next.nodes.map((node) => [node.id, node]))
      for (const node of nodes.values()) if (!known.has(node.id)) forget(node)
      nodes = known
      state = next
      publishAll()
    },
    async close() {
      if (client.disconnecting || client.disconnected) return
      client.removeAllListeners('close')
      if (client.connected) {
        const told = client.publishAsync(status, 'offline', { qos: 1, retain: true })
        // The broker says it by itself where it does not hear it.
        await Promise.race([told, sleep(farewellMs, undefined, { ref: false })])
      }
      await client.endAsync(true)
    },
  }
}
