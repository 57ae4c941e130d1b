import { connect } from 'node:net'
import type { Observation } from './driver.ts'

/** Says something about this machine and its network, nothing about the node. */
const ownTrouble = ['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN', 'EMFILE', 'EACCES', 'EADDRNOTAVAIL']

/**
 * Whether the network stack of a node answers on a TCP port. A refusal is an answer. Silence is taken for off: a node
 * that is up and drops such packets has no use for a probe, and the name of one that sleeps may not resolve.
 */
export async function probePort(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
  silenceMs = 1_000,
): Promise<Observation> {
  const outcome = await new Promise<string>((resolve, reject) => {
    const socket = connect({ host, port })
    const finish = (word: string) => {
      socket.destroy()
      signal.removeEventListener('abort', stop)
      resolve(word)
    }
    const stop = () => {
      socket.destroy()
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.setTimeout(silenceMs, () => finish('silent'))
    socket.once('connect', () => finish('open'))
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'failed'))
  })
  if (ownTrouble.includes(outcome))
    return { evidence: `port ${port} of ${host} could not be tried (${outcome})` }
  const answers = outcome === 'open' || outcome === 'ECONNREFUSED' || outcome === 'ECONNRESET'
  return {
    observed: answers ? 'on' : 'off',
    evidence: `port ${port} of ${host} ${answers ? 'answers' : `does not answer (${outcome})`}`,
  }
}
