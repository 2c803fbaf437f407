// Shows what a simulation does: a live list on a terminal, a line every five seconds elsewhere. On standard error, so that
// results can be read by programs.
import { type ListrTask } from 'listr2';
import { type Watcher } from '../../simulator/cycle/job.js';

export interface Progress extends Watcher {
  /** Nothing more will come. */
  end(): Promise<void>;
}

interface Phase {
  readonly name: string;
  readonly objects: number;
  readonly started: number;
  done: number;
  failed: number;
}

const begin = (name: string, objects: number): Phase => ({
  name,
  objects,
  started: performance.now(),
  done: 0,
  failed: 0,
});

/** `people 1200/5000, 310/s, 12 s left, 2 failed`. */
export function phaseInWords({ name, objects, started, done, failed }: Phase, now = performance.now()): string {
  const passed = done + failed;
  const rate = passed / Math.max((now - started) / 1000, 0.001);
  const left = rate > 0 && passed < objects ? `, ${Math.ceil((objects - passed) / rate)} s left` : '';
  return `${name} ${passed}/${objects}, ${rate.toFixed(0)}/s${left}${failed > 0 ? `, ${failed} failed` : ''}`;
}

const EVERY = 5000;
/** Of each phase; the report groups all of them. */
const ERRORS_SHOWN = 5;

/** For logs and pipes. */
export function lineProgress(write: (line: string) => void): Progress {
  const state: { phase?: Phase } = {};
  // It keeps nothing alive: a command that fails before it begins just ends.
  const timer = setInterval(() => state.phase && write(phaseInWords(state.phase)), EVERY).unref();
  const close = () => {
    const long = state.phase && performance.now() - state.phase.started > EVERY;
    if (state.phase && long) write(phaseInWords(state.phase));
  };
  return {
    phase(name, objects) {
      close();
      state.phase = begin(name, objects);
    },
    object: () => void (state.phase && (state.phase.done += 1)),
    failed(about, why) {
      if (state.phase && (state.phase.failed += 1) <= ERRORS_SHOWN) write(`  ${about}: ${why}`);
    },
    paused: (seconds, why) => write(`  waits ${seconds.toFixed(0)} s as the server asks: ${why}`),
    end() {
      clearInterval(timer);
      close();
      return Promise.resolve();
    },
  };
}

/** For a terminal. */
export async function listProgress(): Promise<Progress> {
  const { Listr } = await import('listr2');
  const state: { phase?: Phase; notes: string[]; chain: Promise<unknown>; done: () => void } = {
    notes: [],
    chain: Promise.resolve(),
    done: () => undefined,
  };
  const show = (phase: Phase, notes: string[], ended: Promise<void>) =>
    new Listr([listTask(phase, notes, ended)], {
      exitOnError: false,
      rendererOptions: { showErrorMessage: false },
      // Its own would end the process before what was done is remembered.
      registerSignalListeners: false,
    }).run();
  return {
    phase(name, objects) {
      state.done();
      const notes: string[] = (state.notes = []);
      const phase = (state.phase = begin(name, objects));
      const ended = new Promise<void>((resolve) => (state.done = resolve));
      state.chain = state.chain.then(() => show(phase, notes, ended));
    },
    object: () => void (state.phase && (state.phase.done += 1)),
    failed(about, why) {
      if (state.phase) state.phase.failed += 1;
      state.notes.push(`${about}: ${why}`);
    },
    paused: (seconds, why) => void state.notes.push(`waits ${seconds.toFixed(0)} s as the server asks: ${why}`),
    async end() {
      state.done();
      await state.chain;
    },
  };
}

const REDRAW = 200;

/** A phase as a line that is drawn again while it lasts, with what happened last below it. */
const listTask = (phase: Phase, notes: string[], ended: Promise<void>): ListrTask => ({
  title: phase.name,
  rendererOptions: { outputBar: ERRORS_SHOWN },
  async task(_, task) {
    const draw = () => {
      task.title = phaseInWords(phase);
      for (const note of notes.splice(0).slice(-ERRORS_SHOWN)) task.output = note;
    };
    const timer = setInterval(draw, REDRAW);
    await ended;
    clearInterval(timer);
    task.title = phaseInWords(phase);
    // Shown as a cross.
    if (phase.failed > 0 || phase.done < phase.objects) throw new Error(task.title);
  },
});
