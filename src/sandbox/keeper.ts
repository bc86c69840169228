/** Who is told of every change of what a sandbox remembers, where that is kept between runs. */
export type Keeper = {
  /**
   * Something is so from now on; with undefined it is gone. What is noted without a pause is kept as a whole or not at all.
   *
   * @param names of which kind it is, then which one; no name has a NUL
   * @param record what JSON can say of it
   */
  note(names: readonly string[], record: object | undefined): void
}
