import { describe, expect, it } from 'vitest'
import { cellWidthFor, drawStrip, type StripInk, type StripPicture, stripHeight } from './draw-strip.ts'
import type { CellPhase, StripCell } from './strip-cells.ts'

const ink: StripInk = {
  ...{ ink: 'black', track: 'grey', onNode: 'dark', font: '10px sans' },
  nodeColour: (node) => `colour of ${node}`,
}

function cell(segment: number, phase: CellPhase, more: Partial<StripCell> = {}): StripCell {
  const none = { isHandOver: false, isCut: false, isHedged: false, isLeasedAgain: false }
  return { segment, phase, node: 'oak', ...none, ...more }
}

/** What was painted, in order: a line for each shape, with its colour. */
function painted(picture: Partial<StripPicture>): string[] {
  const shapes: string[] = []
  const context = {
    ...{ fillStyle: '', strokeStyle: '', lineWidth: 0, font: '', textBaseline: '' },
    canvas: { width: 100, height: stripHeight },
    clearRect: () => void shapes.splice(0),
    fillRect: (...box: number[]) => void shapes.push(`${context.fillStyle}: box ${box.join(' ')}`),
    strokeRect: (...box: number[]) => void shapes.push(`${context.strokeStyle}: frame ${box.join(' ')}`),
    fillText: (text: string) => void shapes.push(`${context.fillStyle}: ${text}`),
    arc: () => void shapes.push(`${context.strokeStyle}: ring`),
    fill: () => void shapes.push(`${context.fillStyle}: triangle`),
    stroke: () => void shapes.push(`${context.strokeStyle}: line`),
    measureText: (text: string) => ({ width: text.length * 5 }),
    ...{ beginPath: () => {}, moveTo: () => {}, lineTo: () => {} },
  }
  const whole = { cells: [], cellWidth: 10, playerAt: null, ...picture }
  drawStrip(context as unknown as CanvasRenderingContext2D, whole, ink)
  return shapes
}

describe('a cell', () => {
  it.each([
    ['published', 'colour of oak: box 0 9 9 15'],
    ['made', 'colour of oak: box 0 16 9 8'],
    ['making', 'colour of oak: frame 0.75 9.75 7.5 13.5'],
    ['leased', 'colour of oak: box 0 21 9 3'],
    ['open', 'colour of oak: box 0 22.5 9 1.5'],
  ] as const)('that is %s has a shape of its own', (phase, shape) => {
    expect(painted({ cells: [cell(0, phase)] })).toEqual([shape])
  })

  it('of nobody has nobody’s colour', () => {
    expect(painted({ cells: [cell(0, 'open', { node: null })] })).toEqual(['grey: box 0 22.5 9 1.5'])
  })

  it('stands where its place is, a gap behind it', () => {
    const cells = [cell(5, 'published'), cell(6, 'published', { node: 'elm' })]
    expect(painted({ cells })).toEqual(['colour of oak: box 0 9 9 15', 'colour of elm: box 10 9 9 15'])
  })
})

describe('marks', () => {
  const marks = (more: Partial<StripCell>) => painted({ cells: [cell(0, 'published', more)] }).slice(1)

  it('say what happened by their shape, not by a colour', () => {
    expect(marks({ isHandOver: true })).toEqual(['black: box -1 7 1 17'])
    expect(marks({ isCut: true, isHandOver: true })).toEqual(['black: triangle', 'black: box -1 7 1 19'])
    expect(marks({ isHedged: true })).toEqual(['black: ring', 'black: line'])
    expect(marks({ isLeasedAgain: true })).toEqual(['black: line'])
    expect(marks({})).toEqual([])
  })
})

describe('a name', () => {
  const cells = (count: number, phase: CellPhase) =>
    Array.from({ length: count }, (_, segment) => cell(segment, phase))

  it('is written where there is room for it, on what is published', () => {
    expect(painted({ cells: cells(3, 'published') }).at(-1)).toBe('dark: oak')
    expect(painted({ cells: cells(2, 'published') }).filter((shape) => shape.endsWith(': oak'))).toEqual([])
    expect(painted({ cells: cells(3, 'made') }).filter((shape) => shape.endsWith(': oak'))).toEqual([])
  })

  it('is written for each stretch, not across a change of hands', () => {
    const two = cells(6, 'published').map((each) => ({ ...each, isHandOver: each.segment === 3 }))
    expect(painted({ cells: two }).filter((shape) => shape === 'dark: oak')).toHaveLength(2)
  })
})

describe('the player', () => {
  const cells = [cell(30, 'published'), cell(31, 'published')]

  it('stands below the strip where it is, and not at all where it is elsewhere', () => {
    expect(painted({ cells, playerAt: 31.5 }).at(-1)).toBe('black: triangle')
    for (const playerAt of [null, 29, 33]) expect(painted({ cells, playerAt })).toHaveLength(2)
  })
})

describe('the width of a cell', () => {
  it.each([
    [null, 900, 7],
    [0, 900, 7],
    [10, 900, 16],
    [60, 900, 15],
    [1_000, 900, 7],
  ])('for %s of them on %s pixels is %s', (length, pixels, width) => {
    expect(cellWidthFor(length, pixels)).toBe(width)
  })
})
