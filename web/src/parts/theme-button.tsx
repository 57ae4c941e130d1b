import { chooseTheme, type Theme, theme } from '../state/theme.ts'
import { themeChanged } from '../strip/strip-ink.ts'

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

const words: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' }

/** Light, dark, or as the system has it: the next of the three with each click. */
export function ThemeButton() {
  const chosen = theme.value
  const label = `Colours: ${words[chosen]}`
  return (
    <button
      type="button"
      class="plain"
      aria-label={label}
      title={label}
      onClick={() => {
        chooseTheme(next[chosen])
        themeChanged()
      }}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
        {chosen === 'light' ? null : <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" />}
        {chosen === 'dark' ? <path d="M8 1.75a6.25 6.25 0 0 0 0 12.5z" fill="currentColor" /> : null}
      </svg>
    </button>
  )
}
