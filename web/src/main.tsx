import { render } from 'preact'
import { App } from './app.tsx'
import { followAddress } from './state/route.ts'
import { recallTheme } from './state/theme.ts'

recallTheme()
followAddress()
const place = document.getElementById('app')!
place.replaceChildren()
render(<App />, place)
