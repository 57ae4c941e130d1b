import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMqttOutlet } from '../../src/outward/mqtt.ts'
import type { Outlet, OutwardState } from '../../src/outward/outward-event.ts'
import { findServer, ServerProcess } from './debian-server.ts'
import { freePort, listening } from './free-port.ts'

const mosquitto = findServer('mosquitto', 'mosquitto')

const state = (watts: number, nodes: readonly string[]): OutwardState => ({
  fleet: { watts, savedWatts: 3, monthKwh: 1.5, monthSavedKwh: 20, sessions: 1 },
  nodes: nodes.map((id) => ({ id, name: `name of ${id}`, state: 'ready', watts: 5, celsius: 50, load: 0 })),
})

describe.skipIf(mosquitto === undefined)('Home Assistant by way of a real broker', () => {
  let folder: string
  let port: number
  let broker: ServerProcess
  let house: MqttClient
  let outlet: Outlet
  let troubles: string[]
  /** What the broker has, by topic, and how often each was sent. */
  let heard: Map<string, string>
  let counts: Map<string, number>

  const startBroker = async () => {
    broker = new ServerProcess(mosquitto!, ['-c', join(folder, 'mosquitto.conf')])
    await listening(port)
  }
  const listen = async () => {
    heard = new Map()
    counts = new Map()
    house = await connectAsync(`mqtt://127.0.0.1:${port}`)
    house.on('message', (topic, message) => {
      heard.set(topic, message.toString())
      counts.set(topic, (counts.get(topic) ?? 0) + 1)
    })
    await house.subscribeAsync(['homeassistant/#', 'house/#'], { qos: 1 })
  }
  const until = async (isSo: () => boolean) => {
    for (const untilMs = performance.now() + 8_000; performance.now() < untilMs; ) {
      if (isSo()) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`not so: ${isSo}; ${JSON.stringify([...heard])}`)
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'paceline-house-'))
    port = await freePort()
    writeFileSync(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`)
    await startBroker()
    await listen()
    troubles = []
    outlet = await openMqttOutlet({
      settings: { broker: `mqtt://127.0.0.1:${port}`, topic: 'house/paceline', discovery: 'homeassistant' },
      ...{ onTrouble: (what) => void troubles.push(what), againMs: 200 },
    })
  })

  afterAll(async () => {
    await outlet?.close()
    await house?.endAsync(true)
    await broker?.stop()
    rmSync(folder, { recursive: true })
  })

  it('finds the watts of the fleet and what each node does, and that the head is there', async () => {
    outlet.show(state(12.5, ['n1', 'n2']))
    await until(() => heard.get('house/paceline/status') === 'online')
    expect(JSON.parse(heard.get('house/paceline/fleet')!)).toMatchObject({ watts: 12.5, sessions: 1 })
    expect(JSON.parse(heard.get('house/paceline/node/n2')!)).toMatchObject({ state: 'ready', watts: 5 })
    for (const [topic, payload] of heard) {
      if (!topic.startsWith('homeassistant/')) continue
      const { state_topic, value_template } = JSON.parse(payload)
      const key = /value_json\.(\w+)/.exec(value_template)![1]!
      expect(JSON.parse(heard.get(state_topic)!)).toHaveProperty(key)
    }
  })

  it('hears only of what has changed', async () => {
    outlet.show(state(13, ['n1', 'n2']))
    await until(() => heard.get('house/paceline/fleet')!.includes('"watts":13'))
    expect(counts.get('house/paceline/fleet')).toBe(2)
    expect(counts.get('house/paceline/node/n1')).toBe(1)
    expect(counts.get('homeassistant/sensor/paceline/watts/config')).toBe(1)
  })

  it('forgets a node that was put out', async () => {
    outlet.show(state(13, ['n1']))
    await until(() => heard.get('house/paceline/node/n2') === '')
    expect(heard.get('homeassistant/sensor/paceline-n2/state/config')).toBe('')
  })

  it('has all of it again after the broker was away, which is complained of once', async () => {
    await house.endAsync(true)
    await broker.stop()
    outlet.show(state(14, ['n1', 'n3']))
    await new Promise((resolve) => setTimeout(resolve, 600))
    await startBroker()
    await listen()
    await until(() => heard.get('house/paceline/status') === 'online')
    expect(JSON.parse(heard.get('house/paceline/fleet')!).watts).toBe(14)
    expect(heard.has('house/paceline/node/n3')).toBe(true)
    expect(troubles).toHaveLength(1)
  })

  it('sees that the head is gone', async () => {
    await outlet.close()
    await until(() => heard.get('house/paceline/status') === 'offline')
  })
})
