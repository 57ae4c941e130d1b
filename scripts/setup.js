// npm run setup: what npm start and npm test do first, and nothing else.
import { setUp } from './setup/set-up.js'

await setUp()
