import { z } from 'zod'

export const hostName = z.string().regex(/^[A-Za-z0-9._:%-]{1,253}$/, 'must be a host name or an address')
export const portNumber = z.int().min(1).max(65_535)

/** `http://…` or `https://…`, without user and password, which would end up in messages. */
export const webUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !new URL(url).username && !new URL(url).password, 'must not hold a user or a password')

/** What every driver can be told besides what is its own. */
export const switchSettings = {
  /** Limit of one try of one command or question. */
  timeoutSeconds: z.number().positive().max(600).default(5),
  /** How often a command is tried in all. */
  attempts: z.int().min(1).max(10).default(3),
  /** Wait before the second try; doubled for each further one. */
  retrySeconds: z.number().min(0).max(60).default(1),
  /** How long after each try the device may take to be as it was told; 0 does not ask. */
  confirmSeconds: z.number().min(0).max(600).default(10),
  /** Send nothing at all, and say what would have been sent. */
  dryRun: z.boolean().default(false),
  /** A TCP port of the node itself: who answers there, even with a refusal, has power and runs. */
  probe: z.strictObject({ host: hostName, port: portNumber }).exactOptional(),
}

export type SwitchSettings = z.output<ReturnType<typeof switchObject>>
const switchObject = () => z.object(switchSettings)

/** How the certificate of an https device is judged: by the usual authorities, by its fingerprint, or not at all. */
export const trustSettings = {
  /** SHA-256 of the device's own certificate, as `openssl x509 -fingerprint -sha256` prints it. */
  fingerprint: z
    .string()
    .regex(/^([0-9a-fA-F]{2}:?){32}$/, 'must be a SHA-256 fingerprint')
    .transform((text) => text.replaceAll(':', '').toLowerCase())
    .exactOptional(),
  /** Take any certificate: whoever sits between can read the password. */
  insecure: z.boolean().default(false),
}
