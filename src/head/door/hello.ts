import { PacelineError } from '../../errors.ts'
import { textFromBytes } from './byte-text.ts'

/** What a descriptor of the shim is. Input comes only from the first three kinds of `stdin`. */
export type StreamKind = 'pipe' | 'file' | 'socket' | 'closed' | 'other'

/** What tells one state of a file from another, whoever looks: the shim and the head run on one kernel. */
export interface FileIdentity {
  readonly device: bigint
  readonly inode: bigint
  /** Bytes. */
  readonly size: bigint
  readonly mtimeNs: bigint
}

/** A file behind `-i`, as the shim found it when the job began. */
export interface HelloInput {
  /** Its place among the arguments. */
  readonly argument: number
  /** Why it could not be opened, in Linux's numbers; 0 when it is open. ELOOP and EXDEV: a link or `..` is on the way. */
  readonly errno: number
  readonly identity: FileIdentity
}

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
  readonly inputs: readonly HelloInput[]
  /** The working directory; undefined where the shim could not look at it. */
  readonly folder?: { readonly device: bigint; readonly inode: bigint; readonly isWritable: boolean }
  /** What an earlier head left with the resume list that counts: the shim comes back with a job in its middle. */
  readonly note?: string
}

export const helloFields = {
  feature: 0x01,
  pid: 0x02,
  streams: 0x03,
  directory: 0x04,
  program: 0x05,
  argument: 0x06,
  environment: 0x07,
  input: 0x08,
  folder: 0x09,
  note: 0x0a,
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
    inputs: (fields.get(helloFields.input) ?? []).map(readInput),
    ...readFolder(fields),
    ...readNote(fields),
  }
}

const inputBytes = 40
const folderBytes = 17

function readInput(value: Buffer): HelloInput {
  if (value.length !== inputBytes) throw broken('a hello with an input of the wrong length')
  return {
    argument: value.readUInt32BE(0),
    errno: value.readUInt32BE(4),
    identity: readIdentity(value.subarray(8)),
  }
}

/** Device, inode, size and time, eight bytes each. */
export function readIdentity(bytes: Buffer): FileIdentity {
  const [device, inode, size, mtimeNs] = [0, 8, 16, 24].map((at) => bytes.readBigUInt64BE(at))
  return { device: device!, inode: inode!, size: size!, mtimeNs: mtimeNs! }
}

function readFolder(fields: ReadonlyMap<number, readonly Buffer[]>): Pick<Hello, 'folder'> {
  if (!fields.has(helloFields.folder)) return {}
  const value = only(fields, helloFields.folder, folderBytes)
  const isWritable = value[16] === 1
  return { folder: { device: value.readBigUInt64BE(0), inode: value.readBigUInt64BE(8), isWritable } }
}

function readNote(fields: ReadonlyMap<number, readonly Buffer[]>): Pick<Hello, 'note'> {
  return fields.has(helloFields.note) ? { note: textFromBytes(only(fields, helloFields.note)) } : {}
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
