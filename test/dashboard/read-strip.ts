import type { Page } from 'playwright-core'

/** A cell as its colour says it: who made that segment; null where no node's colour is. */
export interface PaintedCell {
  readonly segment: number
  readonly node: string | null
}

/** Runs in the page: each cell's colour against the swatches that stand beside the nodes' names. */
const readPixels = `(selector) => {
  const canvas = document.querySelector(selector + ' canvas')
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const bytesOf = (colour) => {
    probe.fillStyle = colour
    probe.fillRect(0, 0, 1, 1)
    return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  }
  const nodes = [...document.querySelectorAll(selector + ' .node-chip')].map((chip) => ({
    name: chip.querySelector('a').textContent,
    bytes: bytesOf(getComputedStyle(chip.querySelector('.swatch')).backgroundColor),
  }))
  const width = Number(canvas.dataset.cellWidth)
  const context = canvas.getContext('2d')
  const count = Math.floor(canvas.width / devicePixelRatio / width)
  return Array.from({ length: count }, (_, place) => {
    // In the lower part of the cell, where no name is written across it.
    const x = Math.floor((place + 0.4) * width * devicePixelRatio)
    const pixel = context.getImageData(x, Math.floor(22.5 * devicePixelRatio), 1, 1).data
    const isNear = (bytes) => bytes.every((byte, at) => Math.abs(byte - pixel[at]) <= 3)
    const node = pixel[3] === 255 ? nodes.find(({ bytes }) => isNear(bytes))?.name : undefined
    return { segment: Number(canvas.dataset.first) + place, node: node ?? null }
  })
}`

/** What the strip below an element of the page shows. */
export async function readStrip(page: Page, selector: string): Promise<PaintedCell[]> {
  return (await page.evaluate(`(${readPixels})(${JSON.stringify(selector)})`)) as PaintedCell[]
}
