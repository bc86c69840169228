/** X-Timestamp: seconds since 1970, five digits after the dot. */
export function timestamp(time: number): string {
  return (time / 1000).toFixed(5)
}

/** The whole second in which, or before which, something happened: Swift rounds Last-Modified up. */
export function roundedUp(time: number): number {
  return Math.ceil(time / 1000) * 1000
}

/** Last-Modified and Date. */
export function httpDate(time: number): string {
  return new Date(time).toUTCString()
}

/** `last_modified` of listings: no zone, six digits. */
export function listingTime(time: number): string {
  return new Date(time).toISOString().replace(/(\.\d{3})Z$/, '$1000')
}
