import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { field, helloPayload } from '../../../test/shim/shim-words.ts'
import { PacelineError } from '../../errors.ts'
import { textFromBytes } from './byte-text.ts'
import { helloFields, readHello, streamKinds } from './hello.ts'

const anyText = fc.uint8Array({ maxLength: 30 }).map((bytes) => textFromBytes(Buffer.from(bytes)))
const name = fc.string({ minLength: 1, maxLength: 10 }).filter((text) => !text.includes('='))
const kind = fc.constantFrom(...streamKinds)

const anyHello = fc.record({
  version: fc.integer({ min: 1, max: 0xffff }),
  features: fc.array(fc.string({ maxLength: 10 }), { maxLength: 4 }),
  pid: fc.nat(0xffffffff),
  streams: fc.tuple(kind, kind, kind),
  cwd: anyText.map((text) => `/${text}`),
  program: anyText,
  args: fc.array(anyText, { maxLength: 20 }),
  env: fc.dictionary(name, anyText),
})

describe('The hello of a shim', () => {
  test('Whatever it says is read as it was said', () => {
    fc.assert(
      fc.property(anyHello, (words) => {
        const [stdin, stdout, stderr] = words.streams
        expect(readHello(helloPayload(words))).toEqual({
          ...words,
          inputs: [],
          streams: { stdin, stdout, stderr },
        })
      }),
    )
  })

  test('Fields that a newer shim added are skipped', () => {
    const payload = Buffer.concat([
      helloPayload({ args: ['a'] }),
      field(0x99, Buffer.from('news')),
      field(helloFields.argument, Buffer.from('b')),
    ])
    expect(readHello(payload).args).toEqual(['a', 'b'])
  })

  test('Inputs and the working directory are read as the shim found them', () => {
    const numbers = (...values: (readonly [bytes: 4 | 8, value: number])[]) =>
      Buffer.concat(
        values.map(([bytes, value]) => {
          const buffer = Buffer.alloc(bytes)
          buffer.writeUInt32BE(value, bytes - 4)
          return buffer
        }),
      )
    const payload = Buffer.concat([
      helloPayload(),
      field(helloFields.input, numbers([4, 3], [4, 0], [8, 7], [8, 8], [8, 9], [8, 10])),
      field(helloFields.input, numbers([4, 5], [4, 2], [8, 0], [8, 0], [8, 0], [8, 0])),
      field(helloFields.folder, Buffer.concat([numbers([8, 11], [8, 12]), Buffer.of(1)])),
    ])
    expect(readHello(payload)).toMatchObject({
      inputs: [
        { argument: 3, errno: 0, identity: { device: 7n, inode: 8n, size: 9n, mtimeNs: 10n } },
        { argument: 5, errno: 2 },
      ],
      folder: { device: 11n, inode: 12n, isWritable: true },
    })
  })

  test('A kind of stream that is not known is another one', () => {
    const payload = helloPayload()
    const at = payload.indexOf(field(helloFields.streams, Buffer.from([1, 1, 1])))
    payload[at + 5] = 200
    expect(readHello(payload).streams).toEqual({ stdin: 'other', stdout: 'pipe', stderr: 'pipe' })
  })

  test('Values of the environment may hold the sign that ends names', () => {
    expect(readHello(helloPayload({ env: { A: 'b=c', B: '' } })).env).toEqual({ A: 'b=c', B: '' })
  })

  test('A name that JavaScript uses itself is a name like others', () => {
    const payload = Buffer.concat([
      helloPayload(),
      field(helloFields.environment, Buffer.from('__proto__=x')),
    ])
    expect(Object.entries(readHello(payload).env)).toEqual([['__proto__', 'x']])
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['half a version', Buffer.alloc(1)],
    ['no fields', Buffer.from([0, 1])],
    ['half a field', Buffer.concat([helloPayload(), Buffer.from([6, 0, 0])])],
    [
      'a field longer than the hello',
      Buffer.concat([helloPayload(), Buffer.from([6, 0xff, 0xff, 0xff, 0xff])]),
    ],
    ['two process ids', Buffer.concat([helloPayload(), field(helloFields.pid, Buffer.alloc(4))])],
    [
      'two working directories',
      Buffer.concat([helloPayload(), field(helloFields.directory, Buffer.from('/'))]),
    ],
    [
      'an input that says too little',
      Buffer.concat([helloPayload(), field(helloFields.input, Buffer.alloc(39))]),
    ],
    [
      'a folder that says too much',
      Buffer.concat([helloPayload(), field(helloFields.folder, Buffer.alloc(18))]),
    ],
    ['a relative working directory', helloPayload({ cwd: 'here' })],
  ])('With %s it is refused', (_what, payload) => {
    expect(() => readHello(payload)).toThrow(expect.objectContaining({ code: 'E_DOOR_PROTOCOL' }))
  })

  test('Cut short or garbled, it is read or refused and nothing else', () => {
    fc.assert(
      fc.property(anyHello, fc.nat(), fc.nat(), fc.nat(255), (words, end, at, byte) => {
        const payload = helloPayload(words)
        payload[at % payload.length] = byte
        try {
          readHello(payload.subarray(0, end % (payload.length + 1)))
        } catch (error) {
          expect(error).toBeInstanceOf(PacelineError)
        }
      }),
    )
  })
})
