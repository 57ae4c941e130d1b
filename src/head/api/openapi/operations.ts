import type { z } from 'zod'
import type { Role } from '../contract/access.ts'
import {
  drainRequest,
  expectRequest,
  historyQuery,
  keepRequest,
  keyOrder,
  loginRequest,
  logsQuery,
  observedQuery,
  observeRequest,
  passwordOrder,
  tokenRequest,
  wakeRequest,
} from '../requests.ts'
import { transcodeRequest } from '../transcode-request.ts'
import type { components } from './view-schemas.ts'

/** One thing that the API can be asked. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Below `/api/v1`, with `{names}`. */
  readonly path: string
  /** What it does, for people. */
  readonly summary: string
  /** Who may; null for everybody. */
  readonly role: Role | null
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** What it answers; an object of any kind unless told. */
  readonly answer?: keyof typeof components | { readonly type: string }
  /** Besides those that every operation has. */
  readonly fails?: readonly number[]
}

const looks = { method: 'get', role: 'viewer' } as const
const orders = { method: 'post', role: 'admin' } as const

/** All of them; a test holds the list against the routes that there are. */
export const operations: readonly Operation[] = [
  {
    ...looks,
    path: '/access',
    role: null,
    summary: 'Who one is, and what signing in takes',
    answer: 'Access',
  },
  {
    ...{
      ...orders,
      path: '/login',
      role: null,
      body: loginRequest,
      answer: 'Access',
      fails: [400, 401, 403, 429],
    },
    summary: 'Sign in, by a password or a key that works once; the session is in a cookie',
  },
  { ...orders, path: '/logout', role: null, summary: 'End the session', answer: 'Access', fails: [403] },
  {
    ...{ ...orders, method: 'put', path: '/password', body: passwordOrder, fails: [400] },
    summary: 'Set the password of a role, or take it away',
  },
  {
    ...orders,
    path: '/sign-in-keys',
    body: keyOrder,
    summary: 'A key that signs in once; with a token only',
  },
  { ...looks, path: '/state', summary: 'All that the first page of the dashboard shows', answer: 'Snapshot' },
  {
    ...{ ...looks, path: '/events', answer: { type: 'text/event-stream' }, fails: [503] },
    summary:
      'Server-sent events: what changes from then on, after hello and a snapshot; see src/head/api/contract/events.ts',
  },
  { ...looks, path: '/status', summary: 'What paceline status prints' },
  { ...looks, path: '/openapi.json', summary: 'This document' },
  { ...looks, path: '/nodes', summary: 'All nodes that were let in, there or not' },
  { ...looks, path: '/nodes/{which}', summary: 'A node, by id or name', answer: 'NodeDetail', fails: [409] },
  { ...orders, method: 'delete', path: '/nodes/{which}', summary: 'Put a node out', fails: [409] },
  {
    ...{ ...orders, path: '/nodes/{which}/drain', body: drainRequest, fails: [400, 409] },
    summary: 'Take a node out of work; what it has goes to others',
  },
  { ...orders, path: '/nodes/{which}/resume', summary: 'Let a drained node work again', fails: [409] },
  {
    ...{ ...orders, path: '/nodes/{which}/wake', body: wakeRequest, fails: [400, 409] },
    summary: 'Wake a node, and keep it awake for a while',
  },
  {
    ...{ ...orders, path: '/nodes/{which}/sleep', body: drainRequest, fails: [400, 409] },
    summary: 'Put a node to sleep once what it has is handed over',
  },
  {
    ...{ ...orders, path: '/nodes/{which}/keep-warm', body: keepRequest, fails: [400, 409] },
    summary: 'Keep a node awake for so long; 0 ends it',
  },
  {
    ...{ ...orders, path: '/viewers/expect', body: expectRequest, fails: [400] },
    summary: 'Somebody may be about to watch: wake a node for him as for a viewer',
  },
  {
    ...{ ...orders, path: '/tokens', body: tokenRequest, answer: 'IssuedToken', fails: [400] },
    summary: 'A token with which one more node may join',
  },
  {
    ...looks,
    path: '/sessions/{id}',
    summary: 'A session, also for a while after its end',
    answer: 'SessionDetail',
    fails: [404],
  },
  {
    ...{ ...looks, path: '/sessions/{id}/segments', answer: 'AllSegments', fails: [404] },
    summary: 'All segments of its pictures: who made each, and when it was published',
  },
  {
    ...looks,
    path: '/sessions/{id}/preview/index.m3u8',
    answer: { type: 'application/vnd.apple.mpegurl' },
    fails: [404],
    summary: 'A live playlist of what the session publishes from now on, while somebody asks for it',
  },
  {
    ...{ ...looks, path: '/sessions/{id}/preview/{file}', answer: { type: 'video/mp2t' }, fails: [404] },
    summary: 'A segment of that playlist, as long as it is in it',
  },
  {
    ...{ ...looks, path: '/logs', query: logsQuery, fails: [400, 404, 409] },
    summary: 'What the head wrote last, a node, or all that is about a session',
  },
  { ...looks, path: '/energy', summary: 'The energy ledger: what paceline energy prints' },
  {
    ...looks,
    path: '/energy/history',
    query: historyQuery,
    summary: 'The ledger by steps of time',
    fails: [400],
  },
  {
    ...looks,
    path: '/observed',
    query: observedQuery,
    summary: 'Jobs that were only observed',
    fails: [400],
  },
  {
    ...orders,
    path: '/observe',
    body: observeRequest,
    summary: 'Leave all jobs to the original, or no longer',
    fails: [400],
  },
  {
    ...{
      ...orders,
      path: '/transcodes',
      body: transcodeRequest,
      answer: { type: 'application/x-ndjson' },
      fails: [400],
    },
    summary: 'Make a whole file of another; one line of JSON for each event',
  },
]
