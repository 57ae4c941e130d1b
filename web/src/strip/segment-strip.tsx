import type { ReadonlySignal } from '@preact/signals'
import { useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { SessionView } from '../../../src/head/api/contract/session-view.ts'
import { cellWidthFor, drawStrip, stripHeight } from './draw-strip.ts'
import { useElementWidth } from './element-width.ts'
import { playerSegment } from './player-segment.ts'
import { stripCells } from './strip-cells.ts'
import { stripInk } from './strip-ink.ts'
import { stripWords } from './strip-words.ts'
import './segment-strip.css'

interface SegmentStripProps {
  readonly session: ReadonlySignal<SessionView>
  /** Painted only while it can be seen. */
  readonly isOnScreen: ReadonlySignal<boolean>
  readonly headNowMs: () => number
}

/** The newest segments of a session, by who made them. It is painted, not laid out, and only where it can be seen. */
export function SegmentStrip({ session, isOnScreen, headNowMs }: SegmentStripProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const width = useElementWidth(frame)
  useSignalEffect(() => {
    if (!isOnScreen.value || width.value === 0 || !canvas.current) return
    const { value } = session
    const { firstSegment, endSegment } = value.timeline
    const cellWidth = cellWidthFor(endSegment === null ? null : endSegment - firstSegment, width.value)
    const cells = stripCells(value, Math.floor(width.value / cellWidth))
    const context = sized(canvas.current, width.value)
    drawStrip(context, { cells, cellWidth, playerAt: playerSegment(value, headNowMs()) }, stripInk.value)
    canvas.current.dataset.first = String(cells[0]?.segment ?? '')
    canvas.current.dataset.cellWidth = String(cellWidth)
    const words = stripWords(cells)
    if (canvas.current.ariaLabel !== words) canvas.current.ariaLabel = words
  })
  return (
    <div ref={frame} class="segment-strip">
      <canvas ref={canvas} role="img" aria-label="Nothing is made yet." height={stripHeight} />
    </div>
  )
}

/** The canvas's context in CSS pixels, as sharp as the screen is. */
function sized(canvas: HTMLCanvasElement, width: number): CanvasRenderingContext2D {
  const scale = window.devicePixelRatio
  const [wide, high] = [Math.round(width * scale), Math.round(stripHeight * scale)]
  // Setting either empties the canvas and forgets the scale, so only when it has to be.
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide
    canvas.height = high
    canvas.style.width = `${width}px`
    canvas.style.height = `${stripHeight}px`
  }
  const context = canvas.getContext('2d')!
  context.setTransform(scale, 0, 0, scale, 0, 0)
  return context
}
