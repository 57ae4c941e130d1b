import { useState } from 'preact/hooks'
import type { NodeView } from '../../../../src/head/api/contract/node-view.ts'
import { mayOrder } from '../../api/access.ts'
import { CallFailure, order } from '../../api/call.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { headNowMs } from '../../state/current.ts'
import { leftText } from '../../words/times.ts'
import { controlsOf, type NodeControl } from './controls-of.ts'

interface PowerControlsProps {
  readonly node: NodeView
  readonly onDone: () => void
}

/** Wake, sleep, drain, resume, keep warm: what makes sense now. */
export function PowerControls({ node, onDone }: PowerControlsProps) {
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const give = async (control: NodeControl, force = false) => {
    setBusy(control.order)
    try {
      const body = force ? { ...control.body, force } : control.body
      await order(`nodes/${encodeURIComponent(node.name)}/${control.order}`, body)
      setFailure(null)
      onDone()
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error
      setFailure(error)
    } finally {
      setBusy(null)
    }
  }
  const controls = controlsOf(node)
  const drain = controls.find((control) => control.order === 'drain')
  return (
    <section class="section" aria-labelledby="power-heading">
      <h2 id="power-heading">Power and work</h2>
      {mayOrder.value ? (
        <div class="controls">
          {controls.map((control) => (
            <button
              key={control.words}
              type="button"
              class={control.isMain ? 'main' : ''}
              disabled={busy !== null}
              onClick={() => void give(control)}
            >
              {control.words}
            </button>
          ))}
          {failure?.problem.code === 'E_LAST_NODE' && drain ? (
            <button type="button" onClick={() => void give(drain, true)}>
              Drain it all the same
            </button>
          ) : null}
        </div>
      ) : (
        <p class="quiet small">Who may only look cannot give orders.</p>
      )}
      <ProblemNote failure={failure} />
      <p class="quiet small">{powerWords(node, headNowMs.value)}</p>
    </section>
  )
}

function powerWords(node: NodeView, nowMs: number): string {
  if (!node.hasPowerControl) return 'The head cannot switch this node: no driver is set for it.'
  if (node.keepWarmUntilMs !== null)
    return `Somebody wants it awake: ${leftText(node.keepWarmUntilMs, nowMs)}.`
  return 'The head puts it to sleep when nobody needs it, and wakes it when somebody does.'
}
