import type { StripCell } from './strip-cells.ts'
import { stripRuns } from './strip-cells.ts'

/** Heights in CSS pixels: a lane for marks, the cells, a lane for the player. */
export const stripHeight = 30
const [laneTop, cellsTop, cellsHeight] = [1, 9, 15] as const
const cellsBottom = cellsTop + cellsHeight

/** What is drawn with, out of the page's styles. */
export interface StripInk {
  readonly ink: string
  readonly track: string
  readonly onNode: string
  readonly font: string
  readonly nodeColour: (node: string) => string
}

export interface StripPicture {
  readonly cells: readonly StripCell[]
  /** Width of a cell with the gap behind it, CSS pixels. */
  readonly cellWidth: number
  /** Where the player is, in segments; null when nobody knows. */
  readonly playerAt: number | null
}

/** So wide that cells can be told apart, and so narrow that minutes fit on a phone. */
const [narrowestCell, widestCell] = [7, 16] as const

/** How wide cells are where `length` of them are wanted and so many pixels there. */
export function cellWidthFor(length: number | null, widthPixels: number): number {
  if (length === null || length <= 0) return narrowestCell
  return Math.max(narrowestCell, Math.min(widestCell, Math.floor(widthPixels / length)))
}

/** Paints a strip on a context that is scaled to CSS pixels. Colours say who; heights and marks above say what became of it. */
export function drawStrip(context: CanvasRenderingContext2D, picture: StripPicture, ink: StripInk): void {
  const { cells, cellWidth } = picture
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  for (const [place, cell] of cells.entries()) drawCell(context, cell, place * cellWidth, cellWidth - 1, ink)
  drawNames(context, picture, ink)
  for (const [place, cell] of cells.entries()) drawMarks(context, cell, place * cellWidth, cellWidth - 1, ink)
  drawPlayer(context, picture, ink)
}

function drawCell(
  context: CanvasRenderingContext2D,
  cell: StripCell,
  x: number,
  width: number,
  ink: StripInk,
): void {
  const colour = cell.node === null ? ink.track : ink.nodeColour(cell.node)
  context.fillStyle = colour
  if (cell.phase === 'published') context.fillRect(x, cellsTop, width, cellsHeight)
  else if (cell.phase === 'made') context.fillRect(x, cellsTop + 7, width, cellsHeight - 7)
  else if (cell.phase === 'making') {
    context.strokeStyle = colour
    context.lineWidth = 1.5
    context.strokeRect(x + 0.75, cellsTop + 0.75, width - 1.5, cellsHeight - 1.5)
  } else if (cell.phase === 'leased') context.fillRect(x, cellsBottom - 3, width, 3)
  else context.fillRect(x, cellsBottom - 1.5, width, 1.5)
}

/** A triangle for a cut, a ring for a hedge, a cross for what was leased again, a step for other changes of hands. */
function drawMarks(
  context: CanvasRenderingContext2D,
  cell: StripCell,
  x: number,
  width: number,
  { ink }: StripInk,
): void {
  context.fillStyle = ink
  context.strokeStyle = ink
  context.lineWidth = 1.25
  if (cell.isCut) {
    context.beginPath()
    context.moveTo(x - 4, laneTop)
    context.lineTo(x + 3, laneTop)
    context.lineTo(x - 0.5, laneTop + 6)
    context.fill()
    context.fillRect(x - 1, cellsTop - 2, 1, cellsHeight + 4)
  } else if (cell.isHandOver) context.fillRect(x - 1, cellsTop - 2, 1, cellsHeight + 2)
  const [middle, centre] = [x + width / 2 + 1, laneTop + 3]
  if (cell.isHedged) {
    context.beginPath()
    context.arc(middle, centre, 2.5, 0, 2 * Math.PI)
    context.stroke()
  }
  if (cell.isLeasedAgain) {
    context.beginPath()
    context.moveTo(middle - 2.5, centre - 2.5)
    context.lineTo(middle + 2.5, centre + 2.5)
    context.moveTo(middle + 2.5, centre - 2.5)
    context.lineTo(middle - 2.5, centre + 2.5)
    context.stroke()
  }
}

/** Widths of names in the one font that is used; the same few are measured again and again. */
const nameWidths = new Map<string, number>()

function widthOf(context: CanvasRenderingContext2D, name: string): number {
  const known = nameWidths.get(name)
  if (known !== undefined) return known
  const { width } = context.measureText(name)
  nameWidths.set(name, width)
  return width
}

function drawNames(context: CanvasRenderingContext2D, picture: StripPicture, ink: StripInk): void {
  context.font = ink.font
  context.fillStyle = ink.onNode
  context.textBaseline = 'middle'
  for (const { node, from, to } of stripRuns(picture.cells)) {
    const room = (to - from) * picture.cellWidth - 8
    if (node === null || picture.cells[to - 1]?.phase !== 'published') continue
    if (widthOf(context, node) <= room) {
      // The gaps between cells would strike the name through.
      context.fillStyle = ink.nodeColour(node)
      context.fillRect(from * picture.cellWidth + 2, cellsTop, widthOf(context, node) + 4, cellsHeight)
      context.fillStyle = ink.onNode
      context.fillText(node, from * picture.cellWidth + 4, cellsTop + cellsHeight / 2 + 0.5)
    }
  }
}

function drawPlayer(context: CanvasRenderingContext2D, picture: StripPicture, { ink }: StripInk): void {
  const first = picture.cells[0]?.segment
  if (picture.playerAt === null || first === undefined) return
  const x = (picture.playerAt - first) * picture.cellWidth
  if (x < 0 || x > picture.cells.length * picture.cellWidth) return
  context.fillStyle = ink
  context.beginPath()
  context.moveTo(x - 3.5, stripHeight)
  context.lineTo(x + 3.5, stripHeight)
  context.lineTo(x, cellsBottom + 1)
  context.fill()
}
