// Why the simulator stops, for the command line to give its exit code.

export type SimulatorErrorKind =
  /** What was asked for cannot be done like that. */
  | 'wrongUsage'
  /** Nobody answers at the address. */
  | 'notReachable'
  /** The server answers, but not as Entra ID needs it. */
  | 'failed';

/** The message says what to do. */
export class SimulatorError extends Error {
  constructor(
    readonly kind: SimulatorErrorKind,
    message: string,
  ) {
    super(message);
    this.name = 'SimulatorError';
  }
}
