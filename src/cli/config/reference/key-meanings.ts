/**
 * What each key of the configuration is for, where no option of the command line says it. A key of `power.nodes.NAME` is
 * written with `*` for the name.
 */
export const keyMeanings: Readonly<Record<string, string>> = {
  power: 'Nodes that sleep and wake: who switches them, what they draw, and the rules of the house.',
  'power.dryRun': 'Drivers only say what they would do, and no node counts as switched.',
  'power.floor': 'What never sleeps (a switch, a disk shelf), each with a `name` and its `watts`.',
  'power.firstResponderWatts':
    "Watts by which the head's own machine draws more while its first responder works.",
  'power.plexLog':
    '`Plex Media Server.log`: whoever looks at the pages of the server is expected to watch ([power.md](power.md#what-the-head-does)).',
  'power.nodes': 'What is known of each node, by the name under which it has joined.',
  'power.nodes.*.driver': 'Who switches its power. Without one it is on whenever it is there.',
  'power.nodes.*.idleWatts': 'What it draws while it is awake and has nothing to do.',
  'power.nodes.*.busyWatts': 'What it draws with all that it has.',
  'power.nodes.*.offWatts': 'What it draws while it is off or asleep.',
  'power.nodes.*.wakeSeconds': 'How long it takes until it works, at first; later the head knows better.',
  'power.nodes.*.wakeWatts': 'What it draws meanwhile; `busyWatts` when it is left out.',
  'power.nodes.*.sleepSeconds': 'How long it takes to go to sleep.',
  'power.nodes.*.sleepWatts': 'What it draws meanwhile; `idleWatts` when it is left out.',
  'power.nodes.*.capWatts': 'It may not draw more than this.',
  'power.nodes.*.meter': 'A meter in the network that reads it.',
  'power.nodes.*.calibration':
    'What to make of the sensor inside it: watts that the sensor does not see, and how much of what is drawn arrives.',
  'power.totalCapWatts': 'All of it together may not draw more than this, the floor included.',
  'power.keepWarm':
    'Hours in which so many nodes are kept awake though nobody watches, e.g. `{ hours: "fri-sat 18:00-23:00", nodes: 2 }`.',
  'power.quiet':
    'Hours in which nodes are not woken, and sleep as soon as they are not needed; some `nodes`, or all.',
  'power.maintenance':
    'Hours in which somebody works on nodes: they get no work, and their power is left as it is; some `nodes`, or all.',
  'power.minOnSeconds': 'A node that was woken stays awake at least so long.',
  'power.minOffSeconds': 'A node that was put to sleep stays so at least so long.',
  'power.startSet':
    'So many nodes stay awake for the first segments where the first responder cannot make them in time.',
  'power.margin': 'How much more than what the streams need is kept awake, as a factor.',
  energy: 'Prices, and what the energy of the nodes is compared with: [energy.md](energy.md).',
  'energy.pricePerKwh': 'What a kilowatt-hour costs. Without it no money is shown.',
  'energy.currency': 'Of the price, by ISO 4217.',
  'energy.server': "The media server's own machine, if it did all the work itself.",
  'energy.server.idleWatts': 'What it draws at rest.',
  'energy.server.busyWatts': 'What it draws with all that it has.',
  'energy.server.cores':
    'How many cores of the reference machine it is worth; [energy.md](energy.md) has the measure.',
  events: 'Who else is told of what happens: [monitoring.md](monitoring.md).',
  'events.webhooks':
    'Where events are sent by POST: each with a `url`, a `secret` that signs them (the text, `{ file: … }` or `{ env: … }`), and which `events` (all of `node-state`, `session-began`, `session-ended` unless told).',
  'events.mqtt':
    'A broker where the watts of the fleet and what each node does are shown, for Home Assistant too.',
  'events.mqtt.broker': 'Its address, `mqtt://…` or `mqtts://…`.',
  'events.mqtt.user': 'Who the head is there.',
  'events.mqtt.password': 'The text, `{ file: … }` or `{ env: … }`.',
  'events.mqtt.topic': 'What all topics of the head begin with.',
  'events.mqtt.discovery': 'Where Home Assistant looks for new devices; `null` tells it of none.',
  'energy.n100Watts': 'What a box with an N100 draws at rest.',
}
