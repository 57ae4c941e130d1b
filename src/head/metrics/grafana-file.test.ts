import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

/**
 * Grafana's dashboard model as far as an import needs it (its documentation, "JSON model"): what is missing or of another
 * kind makes panels that are empty, or lie on each other.
 */
/** Grafana fills in the one that was chosen. */
const chosenSource = ['$', '{datasource}'].join('')

const datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal(chosenSource) })

const target = z.object({
  refId: z.string().regex(/^[A-Z]$/),
  datasource,
  expr: z.string().min(1),
  legendFormat: z.string().optional(),
})

const panel = z.object({
  id: z.int().min(1),
  type: z.enum(['stat', 'timeseries', 'state-timeline']),
  title: z.string().min(1),
  gridPos: z.strictObject({
    x: z.int().min(0).max(23),
    y: z.int().min(0),
    w: z.int().min(1).max(24),
    h: z.int().min(2),
  }),
  datasource,
  targets: z.array(target).min(1),
  fieldConfig: z.object({ defaults: z.looseObject({}), overrides: z.array(z.unknown()) }),
  options: z.looseObject({}).optional(),
})

const variable = z.discriminatedUnion('type', [
  z.object({ type: z.literal('datasource'), name: z.literal('datasource'), query: z.literal('prometheus') }),
  z.object({ type: z.literal('query'), name: z.string(), datasource, query: z.string().min(1) }),
])

const model = z.object({
  // No `id`: that is Grafana's own, and another for everybody.
  id: z.null().optional(),
  uid: z.string().min(1).max(40),
  title: z.string().min(1),
  tags: z.array(z.string()),
  // From 9.0 on.
  schemaVersion: z.int().min(36),
  refresh: z.string().regex(/^\d+[smh]$/),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  templating: z.object({ list: z.array(variable) }),
  panels: z.array(panel).min(1),
})

const path = join(import.meta.dirname, '../../../packaging/grafana/paceline.json')
const dashboard = model.parse(JSON.parse(readFileSync(path, 'utf8')))

describe('the file for Grafana', () => {
  it('asks for the data source at the import, and for nothing else of anybody’s installation', () => {
    const text = readFileSync(path, 'utf8')
    expect(dashboard.templating.list[0]).toMatchObject({ type: 'datasource', name: 'datasource' })
    expect(text).not.toMatch(/__inputs|localhost|\d+\.\d+\.\d+\.\d+/)
  })

  it('uses the variables that it has, and has those that it uses', () => {
    const names = dashboard.templating.list.map(({ name }) => name)
    const used = new Set(
      [...JSON.stringify(dashboard.panels).matchAll(/\$\{?([a-z_]+)\}?/g)].map(([, name]) => name),
    )
    expect([...used].toSorted()).toEqual(names.toSorted())
  })

  it('has an id for each panel and a letter for each question', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { targets } of dashboard.panels)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
  })

  it('lays no panel on another, and none over the edge', () => {
    const taken = new Set<string>()
    for (const { title, gridPos } of dashboard.panels) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true])
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false])
          taken.add(`${x} ${y}`)
        }
      }
    }
  })

  it('says in which unit each figure is', () => {
    const without = dashboard.panels.filter(({ fieldConfig }) => fieldConfig.defaults.unit === undefined)
    expect(without.map(({ title }) => title).toSorted()).toEqual(
      [
        ...[
          'Leases',
          'Left to the media server',
          'NATS',
          'Sessions',
          'Sessions begun and ended',
          'Waiting for room',
        ],
        'What each node does',
      ].toSorted(),
    )
  })
})
