/**
 * Requests as lines of curl, and by processes of curl.
 *
 * @module
 */

export type { CurlOptions } from '../http/curl-line/curl.ts'
export { toCurl } from '../http/curl-line/curl.ts'
export type { CurlTransportOptions } from '../run/send/transports.ts'
export { createCurlTransport } from '../run/send/transports.ts'
