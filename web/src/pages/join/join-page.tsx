import { useState } from 'preact/hooks'
import type { IssuedToken } from '../../../../src/head/api/contract/access.ts'
import { mayOrder } from '../../api/access.ts'
import { CallFailure, order } from '../../api/call.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { fleetState } from '../../state/current.ts'
import { lengthText } from '../../words/times.ts'
import { JoinedNodes } from './joined-nodes.tsx'
import './join-page.css'

/** The command for a new node, and the node as it appears. */
export function JoinPage() {
  const [before] = useState(() => new Set(fleetState.nodes.ids.peek()))
  const [token, setToken] = useState<IssuedToken | null>(null)
  return (
    <>
      <header>
        <PageTitle title="Join">Add a node</PageTitle>
        <p class="quiet join-lead">
          Any Linux machine that runs FFmpeg. It needs a copy of Paceline, and one port of this head.
        </p>
      </header>
      <ol class="join-steps">
        <li class="section">
          <h2>Set it up on the new machine</h2>
          <p class="quiet small">In its copy of Paceline:</p>
          <CommandLine label="Commands that set it up" command={'npm run setup'} />
        </li>
        <li class="section">
          <h2>Let it join</h2>
          {mayOrder.value ? (
            <TokenStep token={token} onToken={setToken} />
          ) : (
            <p class="empty">Who may only look cannot add nodes.</p>
          )}
        </li>
        <li class="section">
          <h2>Watch it appear</h2>
          <JoinedNodes before={before} />
        </li>
      </ol>
    </>
  )
}

interface TokenStepProps {
  readonly token: IssuedToken | null
  readonly onToken: (token: IssuedToken) => void
}

function TokenStep({ token, onToken }: TokenStepProps) {
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const make = async () => {
    try {
      // The address under which this page was found is the one that is known to lead here.
      onToken(
        await order<IssuedToken>(
          'tokens',
          isLoopback(location.hostname) ? {} : { address: location.hostname },
        ),
      )
      setFailure(null)
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      setFailure(error)
    }
  }
  return (
    <>
      {token === null ? null : (
        <>
          <CommandLine label="Command with which it joins" command={token.command} />
          <p class="quiet small">
            Good once, for {lengthText(token.validSeconds)}. Until then it is a secret like a password.
          </p>
        </>
      )}
      <div>
        <button type="button" class={token === null ? 'main' : ''} onClick={() => void make()}>
          {token === null ? 'Make the command' : 'Make another'}
        </button>
      </div>
      <ProblemNote failure={failure} />
    </>
  )
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host.startsWith('127.')
