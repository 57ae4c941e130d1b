/** The plan, one sentence each. */
export function PlanWords({ plan }: { readonly plan: readonly string[] }) {
  return (
    <section class="section" aria-labelledby="plan-heading">
      <h2 id="plan-heading">Plan</h2>
      <ul class="plan-words">
        {plan.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  )
}
