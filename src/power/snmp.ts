import type { Session, Varbind } from 'net-snmp'
import { z } from 'zod'
import { PacelineError } from '../errors.ts'
import { hostName, portNumber } from './drivers/switch-settings.ts'
import { secretSetting } from './secret.ts'

const authProtocol = z.enum(['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'])
/** `aes256b` and `aes256r` differ in how the key is made longer; Cisco uses the second. */
const privProtocol = z.enum(['des', 'aes', 'aes256b', 'aes256r'])

/** SNMPv3 wants pass phrases of at least eight characters (RFC 3414, section 11.2). */
const passPhrase = secretSetting.refine(
  (secret) => secret.reveal().length >= 8,
  'must have at least 8 characters',
)

/** How to reach an SNMP agent: shared by the PoE driver and the meters. */
export const snmpAddress = {
  host: hostName,
  port: portNumber.default(161),
  /** Version 2c sends its community in the clear; version 3 proves who asks and, with a `privKey`, hides what. */
  snmp: z.discriminatedUnion('version', [
    z.strictObject({ version: z.literal('2c'), community: secretSetting }),
    z.strictObject({
      version: z.literal('3'),
      user: z.string().min(1).max(64),
      authProtocol: authProtocol.default('sha'),
      authKey: passPhrase,
      privProtocol: privProtocol.default('aes'),
      privKey: passPhrase.exactOptional(),
    }),
  ]),
}

export type SnmpAddress = z.output<z.ZodObject<typeof snmpAddress>>

/** UDP loses packets: asked again this often within one call. */
const repeats = 2
const repeatMs = 1_000

/**
 * Reads integers, in the order of their object identifiers.
 *
 * @throws PacelineError E_POWER_UNREACHABLE without an answer (also for a wrong community of version 2c), E_POWER_DENIED
 * for a wrong user or key of version 3, E_POWER_REFUSED for what the agent does not have, E_POWER_ANSWER for other types
 */
export async function snmpGet(
  address: SnmpAddress,
  identifiers: readonly string[],
  signal: AbortSignal,
): Promise<number[]> {
  const answers = await withSession(address, signal, (session, done) => session.get([...identifiers], done))
  return answers.map((answer, index) => readInteger(address, identifiers[index]!, answer))
}

/** Sets one integer; failures as `snmpGet`. */
export async function snmpSet(
  address: SnmpAddress,
  identifier: string,
  value: number,
  signal: AbortSignal,
): Promise<void> {
  const { ObjectType } = await import('net-snmp')
  const wanted = { oid: identifier, type: ObjectType.Integer, value }
  const [answer] = await withSession(address, signal, (session, done) => session.set([wanted], done))
  readInteger(address, identifier, answer)
}

type Done = (error: Error | null, varbinds?: Varbind[]) => void

async function withSession(
  address: SnmpAddress,
  signal: AbortSignal,
  use: (session: Session, done: Done) => void,
): Promise<Varbind[]> {
  const session = await openSession(address)
  try {
    return await new Promise<Varbind[]>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      session.on('error', (error) => reject(failure(address, error)))
      use(session, (error, varbinds = []) => (error ? reject(failure(address, error)) : resolve(varbinds)))
    })
  } finally {
    session.close()
  }
}

async function openSession({ host, port, snmp }: SnmpAddress): Promise<Session> {
  // Only a fleet that has such a switch loads this.
  const library = await import('net-snmp')
  const options = { port, retries: repeats, timeout: repeatMs, backoff: 1 }
  if (snmp.version === '2c')
    return library.createSession(host, snmp.community.reveal(), { ...options, version: library.Version2c })
  const user = {
    name: snmp.user,
    level: snmp.privKey ? library.SecurityLevel.authPriv : library.SecurityLevel.authNoPriv,
    authProtocol: library.AuthProtocols[snmp.authProtocol],
    authKey: snmp.authKey.reveal(),
    ...(snmp.privKey
      ? { privProtocol: library.PrivProtocols[snmp.privProtocol], privKey: snmp.privKey.reveal() }
      : {}),
  }
  return library.createV3Session(host, user, options)
}

function failure({ host, port }: SnmpAddress, error: Error): PacelineError {
  const where = `snmp at ${host}:${port}: ${error.message}`
  if (error.name === 'RequestFailedError') return new PacelineError('E_POWER_REFUSED', where)
  if (error.name !== 'ResponseInvalidError') return new PacelineError('E_POWER_UNREACHABLE', where)
  const isDenied = /digest|user name|security level|decrypt/i.test(error.message)
  return new PacelineError(isDenied ? 'E_POWER_DENIED' : 'E_POWER_ANSWER', where)
}

/** Varbinds of version 2c and 3 carry exceptions as types of their own: noSuchObject, noSuchInstance, endOfMibView. */
const firstException = 128

function readInteger({ host, port }: SnmpAddress, identifier: string, answer: Varbind | undefined): number {
  const where = `snmp at ${host}:${port}: ${identifier}`
  if (answer?.type !== undefined && answer.type >= firstException)
    throw new PacelineError('E_POWER_REFUSED', `${where}: there is no such object`)
  if (typeof answer?.value === 'number') return answer.value
  throw new PacelineError('E_POWER_ANSWER', `${where}: ${typeof answer?.value} instead of a number`)
}
