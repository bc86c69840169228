/** A fault by its name, with its value; empty where it takes none. */
export type FaultSetting = { readonly name: string; readonly value: string }

/** The faults that are on, by name. */
export type Switchboard = {
  /** Switches a fault on; one that is on begins anew. A name that there is not is passed over. */
  on(setting: FaultSetting): void
  /** Switches a fault off; false when it was not on. */
  off(name: string): boolean
  /** In the order in which they were switched on; without those that have happened as often as they should. */
  list(): readonly FaultSetting[]
  /** Calls whenever one is switched, or is over, until it is disposed of. */
  watch(onChange: () => void): Disposable
}
