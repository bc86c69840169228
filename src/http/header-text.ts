import { isUtf8 } from 'node:buffer'

/**
 * The UTF-8 bytes of a header's value, a character for each, which is how Node and undici take bytes.
 * Swift keeps metadata as UTF-8: https://docs.openstack.org/swift/latest/api/object_api_v1_overview.html
 */
export function toHeaderBytes(value: string): string {
  return isAscii.test(value) ? value : Buffer.from(value).toString('latin1')
}

/** The text of a header's value that has a character for each byte: UTF-8 where it is valid, else Latin-1. */
export function fromHeaderBytes(bytes: string): string {
  if (isAscii.test(bytes)) return bytes
  const encoded = Buffer.from(bytes, 'latin1')
  return isUtf8(encoded) ? encoded.toString() : bytes
}

const isAscii = /^[\0-\x7f]*$/
