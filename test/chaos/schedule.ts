import { createRandom, type Random } from './random.ts'

/** The nodes that are there from the beginning, and the one that may join. */
export const rowNodes = ['node-1', 'node-2', 'node-3'] as const
export const lateNode = 'node-4'

export type RowNode = (typeof rowNodes)[number]

/** The film of every session: seconds in all and in a segment, frames a second. */
export const film = { seconds: 60, segmentSeconds: 2, framesPerSecond: 25 } as const

export const filmSegments = film.seconds / film.segmentSeconds

/**
 * What happens, and to whom. `forMs` is how long it lasts, `backAfterMs` how long a process stays away; null: until
 * the film is over.
 */
export type Fault =
  | { readonly kind: 'kill-node'; readonly node: RowNode; readonly backAfterMs: number | null }
  | { readonly kind: 'freeze-node'; readonly node: RowNode; readonly forMs: number }
  | { readonly kind: 'kill-encoder'; readonly node: RowNode }
  /** It hangs until it is killed by whoever notices. */
  | { readonly kind: 'freeze-encoder'; readonly node: RowNode }
  /** Nothing comes through, in either direction, and nobody hears why. */
  | { readonly kind: 'cut-network'; readonly node: RowNode; readonly forMs: number }
  | {
      readonly kind: 'slow-network'
      readonly node: RowNode
      readonly forMs: number
      readonly delayMs: number
      readonly bytesPerSecond: number
    }
  /** All its connections are torn at once; new ones are let through. */
  | { readonly kind: 'tear-network'; readonly node: RowNode }
  | { readonly kind: 'kill-nats' }
  | { readonly kind: 'freeze-nats'; readonly forMs: number }
  | { readonly kind: 'kill-head'; readonly backAfterMs: number | null }
  | { readonly kind: 'freeze-head'; readonly forMs: number }
  | { readonly kind: 'join-node' }
  | { readonly kind: 'drain-node'; readonly node: RowNode; readonly forMs: number }
  | { readonly kind: 'full-disk'; readonly whose: 'node' | 'server'; readonly forMs: number }
  | { readonly kind: 'throttle'; readonly forMs: number }
  /** The media server kills the job and begins another one there. */
  | { readonly kind: 'seek'; readonly to: number }
  /** A node that is lost comes back with segments of leases that are over, and with other pictures in them. */
  | { readonly kind: 'late-offer'; readonly node: RowNode; readonly backAfterMs: number }

export type FaultKind = Fault['kind']

/** How often each kind is drawn, against the others. */
const weights: Readonly<Record<FaultKind, number>> = {
  'kill-node': 4,
  'freeze-node': 3,
  'kill-encoder': 3,
  'freeze-encoder': 2,
  'cut-network': 3,
  'slow-network': 2,
  'tear-network': 2,
  'kill-nats': 2,
  'freeze-nats': 2,
  'kill-head': 2,
  'freeze-head': 1,
  'join-node': 1,
  'drain-node': 2,
  'full-disk': 2,
  throttle: 2,
  seek: 2,
  'late-offer': 2,
}

export const faultKinds = Object.keys(weights) as readonly FaultKind[]

/** Kinds that would get in each other's way, so that the second could not be shown to have happened. */
const onlyOne: readonly (readonly FaultKind[])[] = [
  ['kill-head', 'freeze-head', 'kill-nats', 'freeze-nats', 'throttle', 'full-disk'],
  ['kill-head', 'freeze-head', 'join-node'],
  ['kill-head', 'freeze-head', 'drain-node'],
  ['seek'],
]

/** After these the server's own transcoder may be at work, so that what happens to ours would have to come before. */
const lastKinds: readonly FaultKind[] = ['kill-head', 'freeze-head', 'kill-nats', 'freeze-nats']

/** They happen to a node whether it has work or not. */
const anyTimeKinds: readonly FaultKind[] = ['kill-node', 'freeze-node', 'late-offer', 'seek']

export interface TimedFault {
  readonly fault: Fault
  /** Once so many segments have been announced in all jobs of the session, */
  readonly afterAnnounced: number
  /** and so much later. */
  readonly delayMs: number
}

export interface Schedule {
  readonly seed: number
  /** Film seconds that the player shows in one second. */
  readonly playerSpeed: number
  /** The media server asks for less while so much is announced that has not been played. */
  readonly throttleAboveSeconds: number
  /** In the order in which they begin. */
  readonly faults: readonly TimedFault[]
}

/** Later ones might come when all is made, and prove nothing. */
const lastTrigger = 18
const lastJoin = 8

/** A schedule of one to three faults: the same for the same seed and kinds. */
export function makeSchedule(seed: number, kinds: readonly FaultKind[] = faultKinds): Schedule {
  const random = createRandom(seed)
  const playerSpeed = random.whole(4, 6)
  const throttleAboveSeconds = random.whole(16, 40)
  const drawn: Fault[] = []
  const count = random.whole(1, 3)
  for (let tries = 0; drawn.length < count && tries < 50; tries++) {
    const kind = pickKind(random, kinds)
    const fault = makeFault(random, kind)
    if (drawn.every((other) => getAlong(fault, other))) drawn.push(fault)
  }
  const timed = drawn.map((fault) => ({
    fault,
    // A node takes a second or two to start, and shall find something to do.
    afterAnnounced: random.whole(0, fault.kind === 'join-node' ? lastJoin : lastTrigger),
    delayMs: random.whole(0, 300),
  }))
  const faults = inOrder(timed)
  return { seed, playerSpeed, throttleAboveSeconds, faults: withReach(faults) }
}

function inOrder(faults: readonly TimedFault[]): TimedFault[] {
  const needsSession = faults.filter(
    ({ fault: { kind } }) => !lastKinds.includes(kind) && !anyTimeKinds.includes(kind),
  )
  const latest = Math.max(0, ...needsSession.map(({ afterAnnounced }) => afterAnnounced))
  const moved = faults.map((timed) =>
    lastKinds.includes(timed.fault.kind)
      ? { ...timed, afterAnnounced: Math.max(timed.afterAnnounced, latest + 1) }
      : timed,
  )
  return moved.toSorted((one, other) => one.afterAnnounced - other.afterAnnounced)
}

function pickKind(random: Random, kinds: readonly FaultKind[]): FaultKind {
  const total = kinds.reduce((sum, kind) => sum + weights[kind], 0)
  let left = random.fraction() * total
  for (const kind of kinds) {
    left -= weights[kind]
    if (left < 0) return kind
  }
  return random.pick(kinds)
}

function makeFault(random: Random, kind: FaultKind): Fault {
  const node = random.pick(rowNodes)
  const someSeconds = () => random.whole(3_000, 6_000)
  switch (kind) {
    case 'kill-node':
      return { kind, node, backAfterMs: random.pick([null, random.whole(200, 3_000)]) }
    case 'late-offer':
      return { kind, node, backAfterMs: random.whole(200, 2_000) }
    case 'kill-head':
      return { kind, backAfterMs: random.pick([null, random.whole(0, 2_500)]) }
    case 'freeze-node':
    case 'cut-network':
      return { kind, node, forMs: someSeconds() }
    case 'drain-node':
      return { kind, node, forMs: random.whole(1_500, 4_000) }
    case 'slow-network': {
      const bytesPerSecond = random.pick([60_000, 200_000, 1_000_000])
      return { kind, node, forMs: someSeconds(), delayMs: random.whole(20, 400), bytesPerSecond }
    }
    case 'freeze-nats':
    case 'freeze-head':
    case 'throttle':
      return { kind, forMs: someSeconds() }
    case 'full-disk':
      return { kind, whose: random.pick(['node', 'server']), forMs: random.whole(2_000, 4_000) }
    case 'seek':
      return { kind, to: random.whole(0, filmSegments - 1) }
    case 'kill-encoder':
    case 'freeze-encoder':
    case 'tear-network':
      return { kind, node }
    case 'join-node':
    case 'kill-nats':
      return { kind }
  }
}

/** Two faults of one node would hide each other. */
function getAlong(one: Fault, other: Fault): boolean {
  if ('node' in one && 'node' in other && one.node === other.node) return false
  return !onlyOne.some((group) => group.includes(one.kind) && group.includes(other.kind))
}

/** After a seek so many segments have to be left that the later faults still find a session at work. */
function withReach(faults: readonly TimedFault[]): TimedFault[] {
  const last = Math.max(...faults.map(({ afterAnnounced }) => afterAnnounced))
  return faults.map((timed) => {
    if (timed.fault.kind !== 'seek') return timed
    const needed = last - timed.afterAnnounced + (filmSegments - lastTrigger)
    return { ...timed, fault: { ...timed.fault, to: Math.min(timed.fault.to, filmSegments - needed) } }
  })
}

/** For people: one line for the session, and one for each fault. */
export function describeSchedule({ seed, playerSpeed, throttleAboveSeconds, faults }: Schedule): string[] {
  return [
    `seed ${seed}: played at ${playerSpeed}x, throttled from a lead of ${throttleAboveSeconds} s on`,
    ...faults.map(({ fault: { kind, ...particulars }, afterAnnounced, delayMs }) => {
      const words = Object.entries(particulars).map(([name, value]) => `${name} ${value}`)
      return `  after ${afterAnnounced} segments and ${delayMs} ms: ${[kind, ...words].join(', ')}`
    }),
  ]
}
