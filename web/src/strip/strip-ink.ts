import { computed, signal } from '@preact/signals'
import type { StripInk } from './draw-strip.ts'
import { nodeColours } from './node-colour.ts'

const themeChanges = signal(0)

const changed = () => {
  themeChanges.value += 1
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)

/** To be called when the page's own choice of dark or light has changed. */
export const themeChanged = changed

/** The page's colours for canvases, in the dark and light that holds now. */
export const stripInk = computed<StripInk>(() => {
  void themeChanges.value
  const probe = document.createElement('span')
  document.body.append(probe)
  const resolved = (name: string) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const [ink, track] = [resolved('--ink'), resolved('--line')]
  probe.remove()
  const font = `600 10.5px ${getComputedStyle(document.documentElement).fontFamily}`
  return { ink, track, onNode: '#16211c', font, nodeColour: nodeColours.of }
})
