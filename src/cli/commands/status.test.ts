import { describe, expect, it } from 'vitest'
import { installationsText, type ShownStatus, statusText } from './status.ts'

const node = {
  ...{ name: 'oak', state: 'busy', cores: 4, platforms: ['software'], speed: 2.5, leases: 1 },
  ...{ troubles: [], keptOff: [] },
}

const session = {
  ...{ id: '3f-0', title: 'film.mkv', runningSeconds: 12.4, publishedSegments: 7, hedges: 0 },
  ...{ segments: { oak: 7 }, arrivals: [], waitsFor: [] },
}

function status(more: Partial<ShownStatus> = {}): ShownStatus {
  const nats = { url: 'nats://127.0.0.1:1', version: '2.9.10', trouble: null }
  return { version: '0.1.0', uptimeSeconds: 90, nats, observeOnly: false, nodes: [], sessions: [], ...more }
}

describe('the status for people', () => {
  it('has the head, its nodes, and what is being made by whom', () => {
    expect(statusText(status({ nodes: [node], sessions: [session] }))).toBe(
      [
        'head 0.1.0, up 90 s, NATS 2.9.10',
        '',
        'node  state  cores  platforms  speed  leases',
        'oak   busy   4      software   2.5x   1',
        '',
        'session  what      running  segments  hedges  made by',
        '3f-0     film.mkv  12 s     7         0       oak: 7',
        '',
      ].join('\n'),
    )
  })

  it('says that nothing is made, and what is wrong', () => {
    const nats = { url: '', version: '2.9.10', trouble: 'E_NATS_AWAY: it is down' }
    const text = statusText(status({ nats, observeOnly: true, nodes: [{ ...node, troubles: ['no disk'] }] }))
    expect(text).toContain('Nothing is being made.\n\nNATS: E_NATS_AWAY: it is down\noak: no disk\n')
    expect(text).toContain('Only observing')
  })

  it('ends with what was left to the media server, and why', () => {
    const job = { title: 'film.mkv', code: 'remux', reason: 'nothing is encoded', times: 1, atMs: 5_000 }
    const text = statusText(status({ localJobs: [job] }), 80, 9_000)
    expect(text).toMatch(
      /being made\.\n\nLeft to the media server:\n {2}film\.mkv, 4 s ago: remux, nothing is encoded\n$/,
    )
  })

  it('is no wider than the terminal on account of a title', () => {
    const long = { ...session, title: `${'A very long name '.repeat(8)}.mkv` }
    const lines = statusText(status({ nodes: [node], sessions: [long] }), 80).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBe(80)
  })

  it('lets nothing that others have written move the cursor, change a colour or begin a line', () => {
    const nasty = 'x\u001b[2J\u009b31m\u202e\r\nhead 9.9.9'
    const text = statusText(
      status({
        nats: { url: '', version: '2.9.10', trouble: nasty },
        nodes: [
          {
            ...{ ...node, name: nasty, platforms: [nasty], troubles: [nasty] },
            keptOff: [{ work: nasty, reason: nasty, proofInSeconds: 3 }],
          },
        ],
        sessions: [{ ...session, title: nasty, segments: { [nasty]: 7 }, waitsFor: [nasty] }],
        overload: {
          waiting: 1,
          choices: [{ title: nasty, choice: nasty, detail: nasty, agoSeconds: 1 }],
        },
      }),
    )
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
    expect(text.match(/^head /gm)).toHaveLength(1)
  })
})

describe('what became of the shim', () => {
  it('is not mentioned where there never was one', () => {
    expect(installationsText([])).toBe('')
    expect(installationsText([{ transcoder: '/t', found: 'is ours.', remedy: null }])).toBe(
      '\n/t: is ours.\n',
    )
  })
})
