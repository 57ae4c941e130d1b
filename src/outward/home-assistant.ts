import type { OutwardNode } from './outward-event.ts'

/** A retained message. */
export interface Announcement {
  readonly topic: string
  /** Empty takes it away. */
  readonly payload: string
}

export interface AnnouncementPlace {
  /** What Home Assistant listens below. */
  readonly discovery: string
  /** What the head's own topics begin with. */
  readonly topic: string
}

export const statusTopic = ({ topic }: Pick<AnnouncementPlace, 'topic'>): string => `${topic}/status`
export const fleetTopic = ({ topic }: Pick<AnnouncementPlace, 'topic'>): string => `${topic}/fleet`
export const nodeTopic = ({ topic }: Pick<AnnouncementPlace, 'topic'>, id: string): string =>
  `${topic}/node/${id}`

/** A sensor as Home Assistant's MQTT discovery wants it described (home-assistant.io/integrations/sensor.mqtt). */
interface Sensor {
  readonly key: string
  readonly name: string
  readonly more: Readonly<Record<string, unknown>>
}

const power = { device_class: 'power', unit_of_measurement: 'W', state_class: 'measurement' }
const energy = { device_class: 'energy', unit_of_measurement: 'kWh', state_class: 'total' }

const fleetSensors: readonly Sensor[] = [
  { key: 'watts', name: 'Power', more: power },
  { key: 'savedWatts', name: 'Power saved', more: power },
  { key: 'monthKwh', name: 'Energy this month', more: energy },
  { key: 'monthSavedKwh', name: 'Energy saved this month', more: energy },
  { key: 'sessions', name: 'Sessions', more: { state_class: 'measurement', icon: 'mdi:play-network' } },
]

const states = [
  ...['off', 'asleep', 'waking', 'ready', 'busy', 'draining'],
  ...['drained', 'going-to-sleep', 'failed', 'away', 'outdated'],
]

const nodeSensors: readonly Sensor[] = [
  { key: 'state', name: 'State', more: { device_class: 'enum', options: states } },
  { key: 'watts', name: 'Power', more: power },
  {
    ...{ key: 'celsius', name: 'Temperature' },
    more: { device_class: 'temperature', unit_of_measurement: '°C', state_class: 'measurement' },
  },
]

/** How Home Assistant comes to know of the fleet. */
export function fleetAnnouncements(place: AnnouncementPlace): Announcement[] {
  const device = { identifiers: ['paceline'], name: 'Paceline', manufacturer: 'Paceline', model: 'fleet' }
  return fleetSensors.map((sensor) => announcement(place, 'paceline', sensor, fleetTopic(place), device))
}

/** And of a node. */
export function nodeAnnouncements(
  place: AnnouncementPlace,
  { id, name }: Pick<OutwardNode, 'id' | 'name'>,
): Announcement[] {
  const device = {
    ...{ identifiers: [`paceline-${id}`], name: `Paceline ${name}`, manufacturer: 'Paceline', model: 'node' },
    via_device: 'paceline',
  }
  return nodeSensors.map((sensor) =>
    announcement(place, `paceline-${id}`, sensor, nodeTopic(place, id), device),
  )
}

/** What has to be sent so that a node that was put out is gone from there, too. */
export function nodeRemovals(
  place: AnnouncementPlace,
  node: Pick<OutwardNode, 'id' | 'name'>,
): Announcement[] {
  const topics = [...nodeAnnouncements(place, node).map(({ topic }) => topic), nodeTopic(place, node.id)]
  return topics.map((topic) => ({ topic, payload: '' }))
}

function announcement(
  place: AnnouncementPlace,
  object: string,
  { key, name, more }: Sensor,
  stateTopic: string,
  device: object,
): Announcement {
  const config = {
    ...{ name, unique_id: `${object}-${key}`, state_topic: stateTopic, device, ...more },
    value_template: `{{ value_json.${key} }}`,
    availability_topic: statusTopic(place),
    origin: { name: 'Paceline' },
  }
  return { topic: `${place.discovery}/sensor/${object}/${key}/config`, payload: JSON.stringify(config) }
}
