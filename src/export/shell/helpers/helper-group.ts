/**
 * Functions at the top of a script by their names: the text of each, its comment included, and those that it calls. That
 * the latter exist is checked where all groups come together.
 */
export type HelperGroup = Readonly<
  Record<string, { readonly needs?: readonly string[]; readonly text: string }>
>
