/** One event of a stream of server-sent events. */
export interface StreamEvent {
  readonly type: string
  readonly data: string
  readonly id: string | null
}

/** Takes text as it comes, in pieces that end anywhere, and answers the events that are whole by then. */
export type EventReader = (text: string) => StreamEvent[]

/**
 * Reads `text/event-stream` as the HTML standard has it, section 9.2.6, but for `retry`. The browser's own EventSource
 * would do but does not show comments, which are what tells a silent head from a dead connection.
 */
export function createEventReader(): EventReader {
  let rest = ''
  let [type, data, id] = ['', [] as string[], null as string | null]
  const take = (line: string): StreamEvent | undefined => {
    if (line === '') {
      const event = { type: type || 'message', data: data.join('\n'), id }
      const isWhole = data.length > 0
      ;[type, data] = ['', []]
      return isWhole ? event : undefined
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1))
    if (field === 'event') type = value
    else if (field === 'data') data.push(value)
    else if (field === 'id') id = value
    return undefined
  }
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    return lines.flatMap((line) => take(line) ?? [])
  }
}
