import { z } from 'zod'
import { csrfHeader } from '../contract/access.ts'
import { type Operation, operations } from './operations.ts'
import { components } from './view-schemas.ts'

type Json = Readonly<Record<string, unknown>>

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

/** The OpenAPI 3.1 document of the head's API, made of what the code checks requests with. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const { path, method } = operation
    paths[path] = { ...paths[path], [method]: operationObject(operation) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Paceline', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'api-token or viewer-token of the data folder',
        },
        session: {
          ...{ type: 'apiKey', in: 'cookie', name: '__Host-paceline' },
          description: `of POST /login; what is no GET needs ${csrfHeader} as well`,
        },
      },
    },
  }
}

function schemas(): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id })
  const uri = (id: string) => `#/components/schemas/${id}`
  const made = z.toJSONSchema(registry, { uri }).schemas
  return Object.fromEntries(Object.entries(made).map(([id, schema]) => [id, withoutIds(schema)]))
}

/** Inside one document a schema is known by where it stands. */
function withoutIds({ $schema: _dialect, $id: _id, ...schema }: Record<string, unknown>): Json {
  return schema
}

const inline = (schema: z.ZodType): Json =>
  withoutIds(z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>)

const failures: Readonly<Record<number, string>> = {
  400: 'It was not understood',
  401: 'Nobody known asks, or the password is wrong',
  403: 'He may not, or it came from a page of somebody else’s',
  404: 'There is none of that name',
  409: 'It cannot be done as things are',
  429: 'Too many tries: `retry-after` says how long to wait',
  503: 'Too many ask at once',
}

function operationObject({ path, summary, role, query, body, answer, fails = [] }: Operation): Json {
  const usual = role === null ? [] : [401, 403]
  const codes = [...new Set([...usual, ...fails])].sort((one, other) => one - other)
  const failed = codes.map((code) => [
    String(code),
    { description: failures[code], content: { 'application/json': { schema: reference('Problem') } } },
  ])
  return {
    summary,
    ...(role === null ? { security: [] } : { 'x-paceline-role': role }),
    ...withParameters(path, query),
    ...(body && { requestBody: { content: { 'application/json': { schema: inline(body) } } } }),
    responses: { 200: { description: 'Done', content: contentOf(answer) }, ...Object.fromEntries(failed) },
  }
}

function contentOf(answer: Operation['answer']): Json {
  if (typeof answer === 'object') return { [answer.type]: { schema: { type: 'string' } } }
  const schema = answer === undefined ? { type: ['object', 'array'] } : reference(answer)
  return { 'application/json': { schema } }
}

function withParameters(path: string, query: z.ZodObject | undefined): Json {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }))
  const asked = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    ...{ name, in: 'query', required: false, schema: inline(schema as z.ZodType) },
  }))
  const parameters = [...named, ...asked]
  return parameters.length === 0 ? {} : { parameters }
}
