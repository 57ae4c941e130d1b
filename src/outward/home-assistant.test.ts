import { describe, expect, it } from 'vitest'
import { fleetAnnouncements, nodeAnnouncements, nodeRemovals } from './home-assistant.ts'

const place = { discovery: 'homeassistant', topic: 'paceline' }

describe('what Home Assistant is told', () => {
  it('is a sensor for each number of the fleet, of one device', () => {
    const all = fleetAnnouncements(place).map(({ topic, payload }) => ({
      topic,
      config: JSON.parse(payload),
    }))
    const watts = all.find(({ topic }) => topic === 'homeassistant/sensor/paceline/watts/config')
    expect(watts?.config).toMatchObject({
      ...{
        state_topic: 'paceline/fleet',
        value_template: '{{ value_json.watts }}',
        unique_id: 'paceline-watts',
      },
      ...{ device_class: 'power', unit_of_measurement: 'W', availability_topic: 'paceline/status' },
    })
    expect(new Set(all.map(({ config }) => config.unique_id)).size).toBe(all.length)
  })

  it('is each node with what it does, among the words that it can be', () => {
    const [state] = nodeAnnouncements(place, { id: 'n1', name: 'loft' })
    expect(state?.topic).toBe('homeassistant/sensor/paceline-n1/state/config')
    const config = JSON.parse(state!.payload)
    expect(config).toMatchObject({
      device_class: 'enum',
      state_topic: 'paceline/node/n1',
      device: { name: 'Paceline loft' },
    })
    expect(config.options).toContain('going-to-sleep')
  })

  it('is taken back of a node that is none any more', () => {
    const node = { id: 'n1', name: 'loft' }
    const removed = nodeRemovals(place, node)
    for (const { topic } of nodeAnnouncements(place, node))
      expect(removed).toContainEqual({ topic, payload: '' })
    expect(removed).toContainEqual({ topic: 'paceline/node/n1', payload: '' })
  })

  it('is in no topic that a name could break', () => {
    const nasty = nodeAnnouncements(place, { id: 'n1', name: 'a/#+\u0000{{ evil }}' })
    for (const { topic } of nasty) expect(topic).toMatch(/^[\w/-]+$/)
  })
})
