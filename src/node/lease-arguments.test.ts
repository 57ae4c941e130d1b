import { describe, expect, test } from 'vitest'
import type { GrantOrder } from '../cluster/messages.ts'
import { faultOfGrant, fillArguments } from './lease-arguments.ts'

const values = {
  output: 'http://out',
  progress: 'pipe:3',
  input: (index: number) => `http://in/${index}`,
  inputOptions: () => [] as string[],
}

describe('placeholders', () => {
  test('are filled in wherever they stand', () => {
    const args = ['-progress', '{progress}', '-i', '{input:0}', '-vf', 'movie={input:12}[a]', '{output}/%d']
    expect(fillArguments(args, values)).toEqual([
      '-progress',
      'pipe:3',
      '-i',
      'http://in/0',
      '-vf',
      'movie=http://in/12[a]',
      'http://out/%d',
    ])
  })

  test('are all of one argument', () => {
    expect(fillArguments(['{input:1}|{input:0}|{output}'], values)).toEqual([
      'http://in/1|http://in/0|http://out',
    ])
  })

  test('for files are paths, quoted for a filter in a graph', () => {
    const files = { text: "/a b/it's:1,[2];\\3/text.ass", fonts: '/fonts' }
    expect(fillArguments(['subtitles=f={text}:fontsdir={fonts}'], { ...values, files })).toEqual([
      "subtitles=f=/a b/it\\\\\\'s\\\\:1\\,\\[2\\]\\;\\\\\\\\3/text.ass:fontsdir=/fonts",
    ])
    expect(fillArguments(['{text}'], values)).toEqual(['{text}'])
  })

  test('are nothing else in braces, and what is filled in is not read again', () => {
    const same = ['{inputs:0}', '{input:}', '{input:x}', '{OUTPUT}', '{}', '$&', 'a{b}c']
    expect(fillArguments(same, values)).toEqual(same)
    const tricky = { ...values, input: () => '$& {output}' }
    expect(fillArguments(['{input:0}'], tricky)).toEqual(['$& {output}'])
  })
})

describe('an input', () => {
  test('gets its options before it, each input its own', () => {
    const bound = { ...values, inputOptions: (address: string) => ['-only', address] }
    expect(fillArguments(['-ss', '1', '-i', '{input:0}', '-i', '{input:1}', '-vf', '-i'], bound)).toEqual([
      ...['-ss', '1', '-only', 'http://in/0', '-i', 'http://in/0'],
      ...['-only', 'http://in/1', '-i', 'http://in/1', '-vf', '-i'],
    ])
  })
})

describe('a grant', () => {
  const order: GrantOrder = {
    type: 'grant',
    attempt: 'boot-1',
    session: 's',
    part: 'video',
    from: 0,
    to: 1,
    until: 0,
    args: ['-i', '{input:0}', '{output}/%d'],
    inputs: [{ url: '/x', size: 0, identity: 'i' }],
  }

  test('may be without credit, and its input empty', () => {
    expect(faultOfGrant(order)).toBeUndefined()
  })

  const file = { use: 'text', url: '/t', size: 3, digest: 'a'.repeat(64) }

  test('may bring a text and fonts', () => {
    const files = [file, { ...file, use: 'font' }, { ...file, use: 'font' }]
    expect(faultOfGrant({ ...order, files, args: ['{text}{fonts}'] } as GrantOrder)).toBeUndefined()
  })

  test.for([
    [{ files: 'x' }, 'a list'],
    [{ files: [null] }, 'texts and fonts'],
    [{ files: [{ ...file, use: 'program' }] }, 'texts and fonts'],
    [{ files: [{ ...file, digest: '../../x' }] }, 'texts and fonts'],
    [{ files: [{ ...file, size: -1 }] }, 'texts and fonts'],
    [{ files: [{ ...file, size: 65 * 1024 * 1024 }] }, 'too large'],
    [{ files: [file, file] }, 'two texts'],
    [{ args: ['subtitles=f={text}'] }, 'no text'],
    [{ attempt: '' }, 'a word'],
    [{ from: -1 }, 'whole numbers'],
    [{ to: Number.NaN }, 'whole numbers'],
    [{ from: 1 }, 'no segment'],
    [{ args: 'text' }, 'args'],
    [{ args: [1] }, 'args'],
    [{ inputs: [null] }, 'inputs'],
    [{ inputs: [] }, 'no input 0'],
    [{ args: ['{input:0}{input:1}'] }, 'no input 1'],
  ] as const)('with %j is at fault', ([change, fault]) => {
    expect(faultOfGrant({ ...order, ...change } as unknown as GrantOrder)).toContain(fault)
  })
})
