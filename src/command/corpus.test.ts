import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { complexGraphs, simpleGraphs } from './filter-graphs-of.ts'
import type { Tool } from './options/rows.ts'
import { parseCommand } from './parse-command.ts'
import { printCommand } from './print-command.ts'
import { printFilterGraph } from './print-filter-graph.ts'
import { mapsOf } from './read-options.ts'

interface Line {
  readonly id: string
  readonly tool: Tool
  readonly argv: readonly string[]
}

const shared = process.env.PACELINE_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const file = join(shared, 'corpus', 'dev.jsonl')
const present = existsSync(file)
const title = present
  ? 'the corpus of real command lines'
  : `the corpus of real command lines (skipped: there is no ${join('corpus', 'dev.jsonl')} in ../shared or PACELINE_SHARED)`

/** Lines that FFmpeg itself would not run: they open a device and read the answer on standard error. */
const withoutOutput = ['jellyfin-124', 'jellyfin-125']

function lines(): Line[] {
  if (!present) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

describe.skipIf(!present)(title, () => {
  const corpus = lines()

  it('is there', () => {
    expect(corpus.length).toBeGreaterThan(100)
  })

  it('prints back exactly', () => {
    const changed = corpus.filter(
      ({ argv, tool }) => JSON.stringify(printCommand(parseCommand(argv, tool))) !== JSON.stringify(argv),
    )
    expect(changed.map(({ id }) => id)).toEqual([])
  })

  it('has no unknown option', () => {
    const unknown = corpus.flatMap(({ id, argv, tool }) =>
      parseCommand(argv, tool).unknown.map(({ option }) => `${id} ${option.spelling}`),
    )
    expect(unknown).toEqual([])
  })

  it('has no problems but those that are', () => {
    const problems = corpus.flatMap(({ id, argv, tool }) =>
      parseCommand(argv, tool).problems.map(({ kind }) => `${id} ${kind}`),
    )
    expect(problems).toEqual(withoutOutput.map((id) => `${id} no-output`))
  })

  it('has filter graphs that all parse and print back exactly', () => {
    const graphs = corpus.flatMap(({ id, argv, tool }) => {
      const command = parseCommand(argv, tool)
      const written = [...complexGraphs(command), ...command.outputs.flatMap(simpleGraphs)]
      return written.map(({ option, graph }) => ({ id, text: option.value, graph }))
    })
    expect(graphs.length).toBeGreaterThan(100)
    const wrong = graphs.filter(
      ({ text, graph }) => graph.kind === 'error' || printFilterGraph(graph) !== text,
    )
    expect(wrong).toEqual([])
  })

  it('has maps that all can be read', () => {
    const wrong = corpus.flatMap(({ id, argv, tool }) =>
      parseCommand(argv, tool)
        .outputs.flatMap(mapsOf)
        .filter(({ kind }) => kind === 'invalid')
        .map(({ text }) => `${id} ${text}`),
    )
    expect(wrong).toEqual([])
  })
})
