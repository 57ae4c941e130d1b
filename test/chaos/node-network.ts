import { execFileSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A network namespace for one node, with a cable to this machine that can be pulled. */
export interface NodeNetwork {
  /** This machine's end of the cable. */
  readonly address: string
  /** What stands before a command line to have it run there. */
  readonly enter: readonly string[]
  /** Nothing comes through in either direction; TCP goes on trying. */
  pull(): void
  plug(): void
  /** What the kernel says of the cable. */
  state(): string
  close(): void
}

/** Why nodes cannot have networks of their own here; null when they can. */
export function noNetworks(): string | null {
  try {
    const network = openNodeNetwork()
    network.close()
    return null
  } catch (error) {
    return `no network namespaces here: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
}

/** RFC 2544 keeps 198.18.0.0/15 for tests of networks: nobody is there. */
const testNetwork = () => `198.${randomInt(18, 20)}.${randomInt(0, 256)}`

export function openNodeNetwork(): NodeNetwork {
  const serial = randomBytes(3).toString('hex')
  const [name, here, there] = [`paceline-${serial}`, `pace${serial}h`, `pace${serial}n`]
  const network = testNetwork()
  const first = 4 * randomInt(0, 63)
  const [address, nodeAddress] = [`${network}.${first + 1}`, `${network}.${first + 2}`]
  ip('netns', 'add', name)
  try {
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name)
    ip('address', 'add', `${address}/30`, 'dev', here)
    ip('link', 'set', here, 'up')
    ip('-n', name, 'address', 'add', `${nodeAddress}/30`, 'dev', there)
    ip('-n', name, 'link', 'set', there, 'up')
    ip('-n', name, 'link', 'set', 'lo', 'up')
  } catch (error) {
    ip('netns', 'delete', name)
    throw error
  }
  return {
    address,
    enter: ['nsenter', `--net=/run/netns/${name}`],
    pull: () => ip('link', 'set', here, 'down'),
    plug: () => ip('link', 'set', here, 'up'),
    state: () => readFileSync(`/sys/class/net/${here}/operstate`, 'utf8').trim(),
    close: () => {
      // The cable would live as long as the last connection on it.
      ip('link', 'delete', here)
      ip('netns', 'delete', name)
    },
  }
}

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: 'pipe' })
}
