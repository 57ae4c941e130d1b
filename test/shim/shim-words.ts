import { bytesFromText } from '../../src/head/door/byte-text.ts'
import { encodeFrame, frameTypes } from '../../src/head/door/frame.ts'
import { helloFields, type StreamKind, streamKinds } from '../../src/head/door/hello.ts'

/** What a hello in a test says; what is left out has a plain value. */
export interface HelloWords {
  readonly version?: number
  readonly features?: readonly string[]
  readonly pid?: number
  readonly streams?: readonly [StreamKind, StreamKind, StreamKind]
  readonly cwd?: string
  readonly program?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** One field of a hello. */
export function field(tag: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head[0] = tag
  head.writeUInt32BE(value.length, 1)
  return Buffer.concat([head, value])
}

/** The payload of a hello as a shim writes it. */
export function helloPayload(words: HelloWords = {}): Buffer {
  const version = Buffer.alloc(2)
  version.writeUInt16BE(words.version ?? 1)
  const pid = Buffer.alloc(4)
  pid.writeUInt32BE(words.pid ?? 4711)
  const kinds = (words.streams ?? ['pipe', 'pipe', 'pipe']).map((kind) => streamKinds.indexOf(kind))
  const text = (tag: number, value: string) => field(tag, bytesFromText(value))
  return Buffer.concat([
    version,
    ...(words.features ?? ['stdio', 'signals']).map((name) => text(helloFields.feature, name)),
    field(helloFields.pid, pid),
    field(helloFields.streams, Buffer.from(kinds)),
    text(helloFields.directory, words.cwd ?? '/tmp'),
    text(helloFields.program, words.program ?? 'transcoder'),
    ...(words.args ?? ['-progressurl', 'x']).map((argument) => text(helloFields.argument, argument)),
    ...Object.entries(words.env ?? {}).map(([name, value]) =>
      text(helloFields.environment, `${name}=${value}`),
    ),
  ])
}

export const helloFrame = (words: HelloWords = {}) => encodeFrame(frameTypes.hello, helloPayload(words))
