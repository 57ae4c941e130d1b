import { access, signOut } from '../api/access.ts'
import { route } from '../state/route.ts'
import { LinkBadge } from './link-badge.tsx'
import { ThemeButton } from './theme-button.tsx'

const pages = [
  ['now', '#/', 'Now'],
  ['energy', '#/energy', 'Energy'],
  ['join', '#/join', 'Join'],
] as const

/** What stands above every page. */
export function Bar() {
  const { page } = route.value
  return (
    <header class="bar">
      <a class="mark" href="#/" aria-label="Paceline">
        <img src="./mark.svg" alt="" width="22" height="22" />
        <span aria-hidden="true">Paceline</span>
      </a>
      <nav aria-label="Pages">
        <ul>
          {pages.map(([name, address, words]) => (
            <li key={name}>
              <a href={address} aria-current={page === name ? 'page' : undefined}>
                {words}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="end">
        <LinkBadge />
        {access.value?.role === 'viewer' ? <span class="tag">may look</span> : null}
        <ThemeButton />
        <button type="button" class="plain" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </header>
  )
}
