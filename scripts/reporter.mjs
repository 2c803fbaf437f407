// Mocha's spec reporter, ending in the one line programs look for: `N passed, N failed`.
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes = 0, failures = 0, pending = 0 } = this.stats;
    if (pending > 0) Mocha.reporters.Base.consoleLog(`${pending} could not run on this machine (named above)`);
    Mocha.reporters.Base.consoleLog(`${passes} passed, ${failures} failed`);
  }
}
