import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'

/** A network of its own for a node, joined to this machine by a cable that can be cut without anybody being told. */
export interface OwnNetwork {
  /** This machine's address as the node sees it. */
  readonly address: string
  /** What has to stand before a command that shall run there. */
  readonly command: readonly string[]
  /** From now on nothing arrives, in either direction, and nothing is refused. */
  cut(): void
  mend(): void
  close(): void
}

/** Why there can be no such network here; null when there can. */
export function noOwnNetwork(): string | null {
  try {
    openOwnNetwork().close()
    return null
  } catch (error) {
    return `no network namespace can be made here: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
}

/** Nobody has it: what is sent there goes nowhere. */
const nobody = '02:00:00:00:00:99'

export function openOwnNetwork(): OwnNetwork {
  const number = randomInt(0, 16_384)
  const name = `paceline-${number}`
  const [here, there] = [`plh${number}`, `pln${number}`]
  // 198.18.0.0/15 is for tests of networks (RFC 2544): it is nobody's.
  const addressOf = (last: number) =>
    `198.${18 + (number >> 13)}.${(number >> 5) & 255}.${((number & 31) << 3) + last}`
  const [head, node] = [addressOf(1), addressOf(2)]
  const command = ['ip', 'netns', 'exec', name]
  const run = (...words: string[]) =>
    execFileSync(words[0]!, words.slice(1), { stdio: 'pipe' }).toString().trim()
  const inside = (...words: string[]) => run(...command, ...words)
  const macOf = (print: typeof run, device: string) => print('cat', `/sys/class/net/${device}/address`)
  const send = (toHere: string, toThere: string) => {
    run('ip', 'neigh', 'replace', node, 'lladdr', toThere, 'dev', here, 'nud', 'permanent')
    inside('ip', 'neigh', 'replace', head, 'lladdr', toHere, 'dev', there, 'nud', 'permanent')
  }
  run('ip', 'netns', 'add', name)
  try {
    run('ip', 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name)
    run('ip', 'address', 'add', `${head}/29`, 'dev', here)
    run('ip', 'link', 'set', here, 'up')
    inside('ip', 'link', 'set', 'lo', 'up')
    inside('ip', 'address', 'add', `${node}/29`, 'dev', there)
    inside('ip', 'link', 'set', there, 'up')
    const [macHere, macThere] = [macOf(run, here), macOf(inside, there)]
    return {
      ...{ address: head, command },
      cut: () => send(nobody, nobody),
      mend: () => send(macHere, macThere),
      // The cable goes with its other end.
      close: () => void run('ip', 'netns', 'delete', name),
    }
  } catch (error) {
    run('ip', 'netns', 'delete', name)
    throw error
  }
}
