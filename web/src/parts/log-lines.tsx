import type { LogLine } from '../../../src/head/api/contract/node-detail.ts'
import { headNowMs } from '../state/current.ts'
import { momentText } from '../words/times.ts'
import { ScrollArea } from './scroll-area.tsx'

interface LogLinesProps {
  /** Oldest first; null when the node did not answer. */
  readonly lines: readonly LogLine[] | null
  readonly isAsked: boolean
}

/** The end of a log, in the order in which it was written. */
export function LogLines({ lines, isAsked }: LogLinesProps) {
  if (!isAsked) return null
  return (
    <section class="section" aria-labelledby="log-heading">
      <h2 id="log-heading">Log</h2>
      {lines === null ? <p class="quiet">The node does not answer, so there is no log to show.</p> : null}
      {lines?.length === 0 ? <p class="quiet">Nothing was written yet.</p> : null}
      {lines && lines.length > 0 ? (
        <ScrollArea label="Log" class="log">
          <ol>
            {lines.map((line, place) => (
              <li key={`${line.atMs} ${place}`} data-level={line.level}>
                <time dateTime={new Date(line.atMs).toISOString()}>
                  {momentText(line.atMs, headNowMs.peek())}
                </time>
                <span>{line.level}</span>
                <span>
                  {line.message} {fieldsText(line.fields)}
                </span>
              </li>
            ))}
          </ol>
        </ScrollArea>
      ) : null}
    </section>
  )
}

function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
