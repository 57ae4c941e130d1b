import './figure.css'

interface FigureProps {
  readonly name: string
  readonly value: string
  readonly note: string
}

/** One of the numbers in a line of them. */
export function Figure({ name, value, note }: FigureProps) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <span class="value">{value}</span>
        <span class="note">{note}</span>
      </dd>
    </div>
  )
}
