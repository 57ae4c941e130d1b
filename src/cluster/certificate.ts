import { createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { domainToASCII } from 'node:url'
import {
  bitString,
  booleanTrue,
  explicit,
  generalizedTime,
  implicit,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  unsignedInteger,
  utcTime,
  utf8String,
} from './der.ts'
import type { KeyPair } from './messages.ts'
import { readFileIfThere, writePrivateFile } from './private-file.ts'

/** The certificate that the head shows, and its key. */
export interface Certificate extends KeyPair {
  /** Where both lie, for programs that read files. */
  readonly certificatePath: string
  readonly keyPath: string
  /** See {@link fingerprintOf}. */
  readonly fingerprint: string
}

/**
 * The head's own certificate from the data folder, made there at the first start. It is trusted by being exactly
 * this one, so later calls return it whatever `names` (host names and addresses people use for the head) say.
 * Throws what the file system says, and what OpenSSL says when the kept files are damaged.
 */
export async function openCertificate(
  dataFolder: string,
  names: readonly string[] = [],
): Promise<Certificate> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const certificatePath = join(dataFolder, 'certificate.pem')
  const keyPath = join(dataFolder, 'certificate-key.pem')
  const kept = await readPair(certificatePath, keyPath)
  const pair = kept ?? makeCertificate(names)
  if (kept === undefined) {
    // The certificate is written last: where it lies, its key lies too.
    await writePrivateFile(keyPath, pair.key)
    await writePrivateFile(certificatePath, pair.certificate)
  }
  return { ...pair, certificatePath, keyPath, fingerprint: fingerprintOf(pair.certificate) }
}

/** SHA-256 over the certificate's DER bytes, as 64 lower-case hexadecimal digits. Takes PEM. */
export function fingerprintOf(certificate: string): string {
  return fingerprintDigits(new X509Certificate(certificate))
}

/** The same for a certificate that has been read already, or that a connection has shown. */
export function fingerprintDigits({ fingerprint256 }: { readonly fingerprint256: string }): string {
  return fingerprint256.replaceAll(':', '').toLowerCase()
}

/**
 * A self-signed certificate (X.509 v3, RFC 5280) on the curve P-256 for localhost, 127.0.0.1, ::1 and `names`.
 * It is valid from 1970 to the end of 9999 (RFC 5280, 4.1.2.5: "no well-defined expiration date") because a
 * board without a battery wakes in 1970, and it cannot sign others.
 */
export function makeCertificate(names: readonly string[] = []): KeyPair {
  return selfSigned('Paceline head', serverAuthentication, ['localhost', '127.0.0.1', '::1', ...names])
}

/** The same for a node, which nobody connects to: it says who a connection comes from. */
export function makeNodeCertificate(): KeyPair {
  return selfSigned('Paceline node', clientAuthentication, ['localhost'])
}

/** Key purposes (RFC 5280, 4.2.1.12). */
const serverAuthentication = '1.3.6.1.5.5.7.3.1'
const clientAuthentication = '1.3.6.1.5.5.7.3.2'

function selfSigned(commonName: string, purpose: string, names: readonly string[]): KeyPair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
  const name = sequence(setOf(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))))
  const toBeSigned = sequence(
    explicit(0, unsignedInteger(Buffer.from([2]))),
    unsignedInteger(randomBytes(16)),
    ecdsaWithSha256,
    name,
    sequence(utcTime('700101000000Z'), generalizedTime('99991231235959Z')),
    name,
    publicKey,
    explicit(3, extensions(purpose, [...new Set(names)])),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const encoded = sequence(toBeSigned, ecdsaWithSha256, bitString(signature))
  return {
    certificate: new X509Certificate(encoded).toString(),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function extensions(purpose: string, names: readonly string[]): Buffer {
  const digitalSignature = Buffer.from([0x80])
  return sequence(
    extension('2.5.29.19', true, sequence()), // basicConstraints: not an authority
    extension('2.5.29.15', true, bitString(digitalSignature, 7)), // keyUsage
    extension('2.5.29.37', false, sequence(objectIdentifier(purpose))),
    extension('2.5.29.17', false, sequence(...names.map(generalName))), // subjectAltName
  )
}

function extension(identifier: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [booleanTrue()] : []
  return sequence(objectIdentifier(identifier), ...flag, octetString(value))
}

function generalName(name: string): Buffer {
  if (isIP(name) === 0) return implicit(2, Buffer.from(domainToASCII(name), 'ascii'))
  return implicit(7, isIP(name) === 4 ? Buffer.from(name.split('.').map(Number)) : ipv6Bytes(name))
}

/** The 16 bytes of an IPv6 address in any notation (RFC 4291, 2.2); a zone is dropped. */
function ipv6Bytes(address: string): Buffer {
  // A URL's host is always in the shortest hexadecimal notation, also for ::ffff:1.2.3.4.
  const shortest = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [before = '', after] = shortest.split('::')
  const groups = (text: string | undefined) =>
    text ? text.split(':').map((group) => Number.parseInt(group, 16)) : []
  const head = groups(before)
  const tail = groups(after)
  const all = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

async function readPair(certificatePath: string, keyPath: string) {
  const [certificate, key] = await Promise.all([readFileIfThere(certificatePath), readFileIfThere(keyPath)])
  return certificate !== undefined && key !== undefined ? { certificate, key } : undefined
}
