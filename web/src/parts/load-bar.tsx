import { shareText } from '../words/amounts.ts'
import './load-bar.css'

/** A share as a bar and a number; a dash for what is not known. */
export function LoadBar({ load }: { readonly load: number | null }) {
  return (
    <span class="load-bar">
      {load === null ? null : (
        <svg width="36" height="6" viewBox="0 0 36 6" aria-hidden="true">
          <rect class="track" width="36" height="6" rx="3" />
          <rect class="part" width={Math.max(2, Math.min(1, load) * 36)} height="6" rx="3" />
        </svg>
      )}
      {shareText(load)}
    </span>
  )
}
