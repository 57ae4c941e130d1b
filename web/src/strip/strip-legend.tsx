/** What the shapes on the strips mean. */
export function StripLegend() {
  return (
    <ul class="strip-legend" aria-label="What the strips show">
      <li>
        <Sign>
          <rect x="1" y="3" width="6" height="10" class="solid" />
          <rect x="9" y="8" width="6" height="5" class="solid" />
        </Sign>
        announced, made
      </li>
      <li>
        <Sign>
          <rect x="1.75" y="3.75" width="5" height="8.5" class="line" />
          <rect x="9" y="11" width="6" height="2" class="solid" />
        </Sign>
        in hand, leased
      </li>
      <li>
        <Sign>
          <path d="M3 1h9L7.5 8z" class="ink" />
        </Sign>
        cut
      </li>
      <li>
        <Sign>
          <circle cx="8" cy="8" r="4" class="ink-line" />
        </Sign>
        hedged
      </li>
      <li>
        <Sign>
          <path d="m4 4 8 8m0-8-8 8" class="ink-line" />
        </Sign>
        leased again
      </li>
      <li>
        <Sign>
          <path d="M3 13h10L8 5z" class="ink" />
        </Sign>
        the player
      </li>
    </ul>
  )
}

function Sign({ children }: { readonly children: preact.ComponentChildren }) {
  return (
    <svg class="strip-sign" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  )
}
