import { PageTitle } from '../parts/page-title.tsx'

/** For an address that is none. */
export function LostPage({ address }: { readonly address: string }) {
  return (
    <header>
      <PageTitle title="Not found">There is no such page</PageTitle>
      <p class="quiet">
        <code>{address}</code> leads nowhere. <a href="#/">Now</a> shows everything there is.
      </p>
    </header>
  )
}
