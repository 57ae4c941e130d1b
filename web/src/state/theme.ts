import { signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const key = 'paceline-theme'

/** What somebody has chosen on this page; the system's choice holds until then. */
export const theme = signal<Theme>('system')

/** Takes up what was chosen the last time. */
export function recallTheme(): void {
  const kept = localStorage.getItem(key)
  if (kept === 'light' || kept === 'dark') chooseTheme(kept)
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  const { dataset } = document.documentElement
  if (chosen === 'system') {
    delete dataset.theme
    localStorage.removeItem(key)
  } else {
    dataset.theme = chosen
    localStorage.setItem(key, chosen)
  }
}
