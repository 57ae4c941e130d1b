import { PacelineError } from '../../errors.ts'
import { textFromBytes } from './byte-text.ts'

/** What a descriptor of the shim is. Input comes only from the first three kinds of `stdin`. */
export type StreamKind = 'pipe' | 'file' | 'socket' | 'closed' | 'other'

/** What a shim says of itself and of its job. Texts are as {@link textFromBytes} makes them. */
export interface Hello {
  /** The highest version of the protocol that the shim speaks. */
  readonly version: number
  /** Names of what the shim can do beyond the version's base. */
  readonly features: readonly string[]
  /** In the shim's own process namespace. */
  readonly pid: number
  readonly streams: { readonly stdin: StreamKind; readonly stdout: StreamKind; readonly stderr: StreamKind }
  readonly cwd: string
  /** The name it was called by (argv[0]). */
  readonly program: string
  /** Without the program. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export const helloFields = {
  feature: 0x01,
  pid: 0x02,
  streams: 0x03,
  directory: 0x04,
  program: 0x05,
  argument: 0x06,
  environment: 0x07,
} as const

/** Kinds of descriptors in the order of their numbers on the wire. */
export const streamKinds: readonly StreamKind[] = ['closed', 'pipe', 'file', 'socket', 'other']

/**
 * Reads the payload of a hello: two bytes of version, then fields (tag, four bytes of length, value). Unknown
 * tags are skipped, so that a newer shim may say more. Throws PacelineError E_DOOR_PROTOCOL.
 */
export function readHello(payload: Buffer): Hello {
  if (payload.length < 2) throw broken('a hello without a version')
  const fields = readFields(payload.subarray(2))
  const texts = (tag: number) => (fields.get(tag) ?? []).map(textFromBytes)
  const pid = only(fields, helloFields.pid, 4)
  const kinds = only(fields, helloFields.streams, 3)
  const cwd = textFromBytes(only(fields, helloFields.directory))
  if (!cwd.startsWith('/')) throw broken('a hello whose working directory is not absolute')
  return {
    version: payload.readUInt16BE(0),
    features: texts(helloFields.feature),
    pid: pid.readUInt32BE(0),
    streams: { stdin: streamKind(kinds[0]), stdout: streamKind(kinds[1]), stderr: streamKind(kinds[2]) },
    cwd,
    program: texts(helloFields.program)[0] ?? '',
    args: texts(helloFields.argument),
    env: Object.fromEntries(texts(helloFields.environment).map(splitEntry)),
  }
}

function readFields(bytes: Buffer): Map<number, Buffer[]> {
  const fields = new Map<number, Buffer[]>()
  for (let at = 0; at < bytes.length; ) {
    if (at + 5 > bytes.length) throw broken('a hello that ends within a field')
    const tag = bytes[at]!
    const end = at + 5 + bytes.readUInt32BE(at + 1)
    if (end > bytes.length) throw broken('a hello with a field longer than itself')
    const values = fields.get(tag)
    if (values) values.push(bytes.subarray(at + 5, end))
    else fields.set(tag, [bytes.subarray(at + 5, end)])
    at = end
  }
  return fields
}

function only(fields: ReadonlyMap<number, readonly Buffer[]>, tag: number, length?: number): Buffer {
  const values = fields.get(tag) ?? []
  const value = values[0]
  if (value === undefined || values.length > 1 || (length !== undefined && value.length !== length)) {
    throw broken(`a hello whose field ${tag} is missing, doubled or of the wrong length`)
  }
  return value
}

const streamKind = (number: number | undefined): StreamKind => streamKinds[number ?? 0] ?? 'other'

function splitEntry(entry: string): [string, string] {
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}

const broken = (where: string) => new PacelineError('E_DOOR_PROTOCOL', where)
