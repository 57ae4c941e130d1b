// npm run configuration: writes docs/configuration.md from the schema, as it was compiled last (npm run build).
import { writeFileSync } from 'node:fs'

const built = new URL('../dist/cli/config/reference/config-reference.js', import.meta.url)
const { configReference } = await import(built.href)
writeFileSync(new URL('../docs/configuration.md', import.meta.url), configReference())
