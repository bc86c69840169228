/** The longest head of an answer, all of its lines together, in bytes. */
export const longestHead = 512 * 1024

/** The longest trailers, in bytes. */
export const longestTrailers = 16 * 1024

/** What a head or trailers are refused with that are longer. */
export class HeadOverflow extends Error {}
