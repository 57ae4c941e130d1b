import { describe, expect, it } from 'vitest'
import { isViewerSign } from './viewer-sign.ts'

const line = (request: string, from = '192.168.1.5:53422 (Subnet)', level = 'DEBUG -') =>
  `Nov 23, 2026 20:15:29.476 [140513529203512] ${level} Request: [${from}] ${request} (8 live) #1fd TLS GZIP Signed-in Token (anna)`

describe('somebody looks at the pages of the server', () => {
  it.each([
    ['the first page', line('GET /hubs/promoted?contentDirectoryID=1&count=12')],
    ['all rows', line('GET /hubs?count=10&includeGuids=1')],
    ['the page of a library', line('GET /hubs/sections/2?count=12')],
    [
      'the page of a film',
      line('GET /library/metadata/40859?includeConcerts=1&checkFiles=1&includeReviews=1'),
    ],
    [
      'a film is about to be played',
      line('GET /video/:/transcode/universal/decision?hasMDE=1&path=%2Flibrary'),
    ],
    ['from outside', line('GET /hubs/promoted', '203.0.113.9:4433 (Allowed Network (WAN))')],
    ['by IPv6', line('GET /hubs/promoted', '[2001:db8::7]:4433 (WAN)')],
    ['a server that logs in Czech', line('GET /hubs/promoted', undefined, 'Ladění —')],
  ])('%s', (_what, text) => expect(isViewerSign(text)).toBe(true))
})

describe('nobody looks', () => {
  it.each([
    ['a program asks whether the server is there', line('GET /identity')],
    ['a program asks what plays', line('GET /status/sessions')],
    ['a program lists a library', line('GET /library/sections/3/all?type=1')],
    ['a program looks at a film', line('GET /library/metadata/40859')],
    ['a program asks for what was added lately', line('GET /hubs/home/recentlyAdded?type=1')],
    ['a film that plays tells how far it is', line('GET /:/timeline?state=playing')],
    ['something is written', line('PUT /hubs/promoted')],
    [
      'the answer to a request',
      line('x').replace('Request: [', 'Completed: [').replace('x', '200 GET /hubs'),
    ],
    ['a title with such words', 'DEBUG - Scanning Request: GET /hubs/promoted'],
    ['checkFiles is another one', line('GET /library/metadata/1?checkFiles=10')],
    ['nothing', ''],
  ])('%s', (_what, text) => expect(isViewerSign(text)).toBe(false))
})
