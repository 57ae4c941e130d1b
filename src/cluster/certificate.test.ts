import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fingerprintOf, makeCertificate, openCertificate } from './certificate.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-certificate-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Whether a TLS client that trusts `trusted` takes a server that shows `shown`. */
async function handshake(
  shown: { certificate: string; key: string },
  trusted: string,
  host: string,
): Promise<string> {
  const server = createServer({ cert: shown.certificate, key: shown.key }, (socket) => socket.end())
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const socket = connect({ port, host: '127.0.0.1', servername: host, ca: trusted })
  const result = await new Promise<string>((resolve) => {
    socket.once('secureConnect', () => resolve('trusted'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  socket.destroy()
  server.close()
  return result
}

describe('a certificate of our own', () => {
  it('is valid from 1970 for as long as anybody will care, and signs nothing but itself', () => {
    const { certificate, key } = makeCertificate()
    const parsed = new X509Certificate(certificate)
    expect(new Date(parsed.validFrom).getTime()).toBe(0)
    expect(new Date(parsed.validTo).getUTCFullYear()).toBe(9999)
    expect(parsed.ca).toBe(false)
    expect(parsed.verify(parsed.publicKey)).toBe(true)
    expect(parsed.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true)
  })

  it('names this machine and whatever it is given, addresses as addresses', () => {
    const names = [
      'head.lan',
      '192.168.1.2',
      'fe80::1%eth0',
      '::ffff:10.0.0.1',
      '2001:db8::',
      'bücher.example',
      'localhost',
    ]
    const parsed = new X509Certificate(makeCertificate(names).certificate)
    expect(parsed.subjectAltName?.split(', ')).toEqual([
      'DNS:localhost',
      'IP Address:127.0.0.1',
      'IP Address:0:0:0:0:0:0:0:1',
      'DNS:head.lan',
      'IP Address:192.168.1.2',
      'IP Address:FE80:0:0:0:0:0:0:1',
      'IP Address:0:0:0:0:0:FFFF:A00:1',
      'IP Address:2001:DB8:0:0:0:0:0:0',
      'DNS:xn--bcher-kva.example',
    ])
    expect(parsed.checkIP('::1')).toBe('::1')
    expect(parsed.checkHost('head.lan')).toBe('head.lan')
    expect(parsed.checkHost('other.lan')).toBeUndefined()
  })

  it('has room for many names', () => {
    const names = Array.from({ length: 300 }, (_, index) => `board-${index}.lan`)
    const parsed = new X509Certificate(makeCertificate(names).certificate)
    expect(parsed.checkHost('board-299.lan')).toBe('board-299.lan')
  })

  it('is taken by a client that trusts it, and by no other', async () => {
    const own = makeCertificate()
    expect(await handshake(own, own.certificate, 'localhost')).toBe('trusted')
    expect(await handshake(own, makeCertificate().certificate, 'localhost')).toBe(
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    )
  })

  it('is another one each time, under a serial number that is positive and no longer than 20 bytes', () => {
    const serials = Array.from(
      { length: 50 },
      () => new X509Certificate(makeCertificate().certificate).serialNumber,
    )
    expect(new Set(serials).size).toBe(50)
    for (const serial of serials) expect(serial).toMatch(/^[0-9A-F]{1,34}$/)
  })

  it('has a fingerprint of 64 digits that is OpenSSL’s own', () => {
    const { certificate } = makeCertificate()
    const expected = new X509Certificate(certificate).fingerprint256.toLowerCase().split(':').join('')
    expect(fingerprintOf(certificate)).toBe(expected)
    expect(expected).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('the data folder', () => {
  it('keeps certificate and key for the next start, readable by their owner only', async () => {
    const folder = join(await temporaryFolder(), 'not', 'yet', 'there')
    const first = await openCertificate(folder, ['one.lan'])
    const second = await openCertificate(folder, ['two.lan'])
    expect(second).toEqual(first)
    expect((await stat(first.keyPath)).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('gets a new pair when one half is missing', async () => {
    const folder = await temporaryFolder()
    const first = await openCertificate(folder)
    await rm(first.certificatePath)
    const second = await openCertificate(folder)
    expect(second.fingerprint).not.toBe(first.fingerprint)
    expect(await handshake(second, second.certificate, 'localhost')).toBe('trusted')
  })

  it('is not overwritten when what it keeps is damaged', async () => {
    const folder = await temporaryFolder()
    const first = await openCertificate(folder)
    await writeFile(first.certificatePath, 'scratched')
    await expect(openCertificate(folder)).rejects.toThrow()
  })
})
