// How the commands of the simulator end: what stopped them, as an exit code and a sentence.
import { SimulatorError } from '../../simulator/simulatorError.js';
import { EXIT } from '../../exit.js';

/** The action, with the exit code of what stops it. */
export const ending =
  <Arguments extends readonly unknown[]>(action: (...given: Arguments) => Promise<void>) =>
  async (...given: Arguments): Promise<void> => {
    try {
      await action(...given);
    } catch (error) {
      if (!(error instanceof SimulatorError)) throw error;
      console.error(error.message);
      process.exitCode = EXIT[error.kind];
    }
  };
