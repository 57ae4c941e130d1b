import { useState } from 'preact/hooks'
import { ScrollArea } from './scroll-area.tsx'

/** A command as it is to be typed, with a button that copies it. */
export function CommandLine({ command, label }: { readonly command: string; readonly label: string }) {
  const [said, say] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command)
      say('Copied')
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      say('The browser does not let this page copy: select the text instead')
    }
  }
  return (
    <div class="command-line">
      <ScrollArea class="command" label={label}>
        <pre>{command}</pre>
      </ScrollArea>
      <div class="command-end">
        <button type="button" onClick={copy}>
          Copy
        </button>
        <span class="quiet small" role="status">
          {said}
        </span>
      </div>
    </div>
  )
}
