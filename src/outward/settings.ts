import { z } from 'zod'
import { secretSetting } from '../power/secret.ts'

/** What a webhook can be told of. */
export const outwardKinds = ['node-state', 'session-began', 'session-ended'] as const

const webhook = z.strictObject({
  /** Where it goes, by POST. */
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !new URL(url).username && !new URL(url).password, 'must not hold a user or a password'),
  /** Signs what is sent. */
  secret: secretSetting.exactOptional(),
  events: z
    .array(z.enum(outwardKinds))
    .min(1)
    .default([...outwardKinds]),
})

const topic = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^#+\0]+$/, 'must be one topic, without + and #')

const mqtt = z.strictObject({
  broker: z
    .url({ protocol: /^mqtts?$/ })
    .refine((url) => !new URL(url).username && !new URL(url).password, 'must not hold a user or a password'),
  user: z.string().min(1).exactOptional(),
  password: secretSetting.exactOptional(),
  /** What all topics of the head begin with. */
  topic: topic.default('paceline'),
  /** Where Home Assistant looks for new devices; null tells it of none. */
  discovery: topic.nullable().default('homeassistant'),
})

/** The section `events` of the configuration: who else is told of what happens. */
export const outwardSettings = z.strictObject({
  webhooks: z.array(webhook).max(8).default([]),
  mqtt: mqtt.exactOptional(),
})

export type OutwardSettings = z.output<typeof outwardSettings>
export type WebhookSettings = OutwardSettings['webhooks'][number]
export type MqttSettings = NonNullable<OutwardSettings['mqtt']>
