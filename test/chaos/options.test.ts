import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

function read(...argv: string[]) {
  let words = ''
  const options = readOptions(argv, (text) => {
    words += text
  })
  return { options, words }
}

describe('the command line of the chaos harness', () => {
  it('runs 200 schedules unless told', () => {
    const { options } = read()
    expect(options).toMatchObject({ list: false, defect: null, jobs: 1 })
    expect(typeof options === 'object' && options.seeds).toEqual(
      Array.from({ length: 200 }, (_, index) => index + 1),
    )
  })

  it.each([
    [['--seed', '17'], [17]],
    [
      ['--seed', '17', '--runs', '3'],
      [17, 18, 19],
    ],
    [
      ['--runs', '2'],
      [1, 2],
    ],
  ])('%j names the seeds %j', (argv, seeds) => {
    expect(read(...argv).options).toMatchObject({ seeds })
  })

  it('tries a planted defect 50 times', () => {
    const { options } = read('--defect', 'old-token')
    expect(typeof options === 'object' && options.seeds).toHaveLength(50)
  })

  it('knows which kinds there are', () => {
    expect(read('--only', 'kill-node,seek').options).toMatchObject({ kinds: ['kill-node', 'seek'] })
    const { options, words } = read('--only', 'flood')
    expect([options, words]).toEqual([2, expect.stringContaining('flood is none of kill-node')])
  })

  it.each([[['--defect', 'rust']], [['--runs', 'many']], [['--sed', '1']]])(
    'refuses %j, and says why',
    (argv) => {
      const { options, words } = read(...argv)
      expect(options).toBe(2)
      expect(words).toMatch(/error:/)
    },
  )

  it('explains itself', () => {
    const { options, words } = read('--help')
    expect([options, words]).toEqual([0, expect.stringContaining('--seed <number>')])
  })
})
