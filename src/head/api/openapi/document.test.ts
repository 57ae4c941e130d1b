import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { openViewStage, type ViewStage } from '../testing/view-stage.ts'
import { sessionDetail } from '../view/detail-view.ts'
import { openApiDocument } from './document.ts'
import { operations } from './operations.ts'
import { components, sessionDetail as detailSchema, snapshot } from './view-schemas.ts'

type Json = { [name: string]: Json } & { $ref?: string }

const document = openApiDocument('1.2.3') as unknown as Json

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' ? [String(inner)] : references(inner),
  )
}

describe('the document', () => {
  it('is one of OpenAPI 3.1, and survives JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Paceline', version: '1.2.3' } })
  })

  it('has every operation, each with a summary and an answer', () => {
    for (const { path, method } of operations) {
      const operation = document.paths?.[path]?.[method]
      expect(operation?.summary).toMatch(/^[A-Z]/)
      expect(operation?.responses?.['200']).toBeDefined()
    }
  })

  it('refers to nothing that is not in it', () => {
    const names = new Set(Object.keys(document.components!.schemas!))
    const all = references(document)
    expect(all.length).toBeGreaterThan(10)
    for (const each of all) expect(names).toContain(each.replace('#/components/schemas/', ''))
    expect([...names].toSorted()).toEqual(Object.keys(components).toSorted())
  })

  it('says what is needed in an order, and what may be left out', () => {
    const body = (path: string) =>
      document.paths![path]!.post!.requestBody!.content!['application/json']!.schema!
    expect(body('/nodes/{which}/keep-warm')).toMatchObject({
      required: ['minutes'],
      additionalProperties: false,
    })
    expect(body('/nodes/{which}/drain').required).toBeUndefined()
  })

  it('asks nothing of strangers for what strangers may, and says who may the rest', () => {
    expect(document.paths!['/login']!.post!.security).toEqual([])
    expect(document.paths!['/state']!.get!['x-paceline-role']).toBe('viewer')
    expect(document.paths!['/nodes/{which}/drain']!.post!['x-paceline-role']).toBe('admin')
  })
})

describe('what is answered', () => {
  let stage: ViewStage

  beforeEach(async () => {
    stage = await openViewStage()
  })

  afterEach(() => stage.close())

  it('is what the document says, no field more and none less', async () => {
    const session = await stage.start({ dialect: 'plex', received: ['-i', 'film.mkv'] })
    await eventually(() => session.tally.publishedSegments > 0)
    const state = stage.view.snapshot(1)
    expect(snapshot.parse(state)).toEqual(state)
    const facts = stage.view.facts(session.id)!
    const detail = sessionDetail({ facts, log: [], preview: null })
    expect(detailSchema.parse(detail)).toEqual(detail)
  })
})
