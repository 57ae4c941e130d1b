/** Hues in degrees of OKLCH, far from one another also for most who see fewer colours, with a lightness each. */
const chosen: readonly (readonly [hue: number, lightness: number])[] = [
  [168, 0.79],
  [262, 0.71],
  [75, 0.83],
  [340, 0.73],
  [225, 0.84],
  [35, 0.73],
  [125, 0.82],
  [300, 0.77],
]

/** Degrees that divide the circle best, whatever the count. */
const goldenAngle = 137.508

/** The colour of the n-th node, the same in dark and light: dark words can be read on all of them. */
export function colourAt(place: number): string {
  const [hue, lightness] = chosen[place] ?? [(place * goldenAngle) % 360, place % 2 === 0 ? 0.8 : 0.7]
  return `oklch(${lightness} 0.115 ${Math.round(hue)})`
}

/** Keeps one colour for each node's name as long as the page is open. */
export interface NodeColours {
  of(node: string): string
  /** Gives those their colours that have none yet, in this order. */
  meet(nodes: readonly string[]): void
}

export function createNodeColours(): NodeColours {
  const places = new Map<string, string>()
  const of = (node: string) => {
    const known = places.get(node)
    if (known !== undefined) return known
    const colour = colourAt(places.size)
    places.set(node, colour)
    return colour
  }
  return { of, meet: (nodes) => nodes.forEach(of) }
}

export const nodeColours: NodeColours = createNodeColours()
