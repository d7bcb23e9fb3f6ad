/** Delays the end of the PC while there is something to save, and tells that it is near. */
export interface ShutdownWatch {
  /** True: the end is to wait for us, as long as the system allows. May be called as often as one likes. */
  hold(wanted: boolean): void;
}

/** Where the system has no way: its signals to us are all that is heard. */
export const noShutdownWatch: ShutdownWatch = { hold: () => undefined };
