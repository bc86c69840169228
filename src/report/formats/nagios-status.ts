/** The status that a Nagios check ends with where osrun would end with `exit`: 1 is a warning, 2 critical, 3 unknown. */
export function nagiosStatus(exit: number): 0 | 1 | 2 | 3 {
  switch (exit) {
    case 0:
      return 0
    case 6:
      return 1
    case 3:
    case 4:
    case 5:
      return 2
    // Wrong usage, an invalid recipe, an interrupt: nothing is known of the cloud.
    default:
      return 3
  }
}
