// Lets a process hear of revocations as long as it serves.
import { listenTo } from '../database/listener.js';
import { type Log } from '../operation/logging.js';
import { type LiveState } from './liveState.js';

const CHANNEL = 'speakup_state';

/** Begins at once; returns what ends it. `url` is the owner's login. */
export function hearChanges(state: LiveState, url: string, log: Log): () => Promise<void> {
  const said = { deaf: false };
  return listenTo(CHANNEL, url, {
    began: () => {
      state.hearing(true);
      if (said.deaf) log.info('Revocations are heard of again');
      said.deaf = false;
    },
    heard: (told) => state.changed(told),
    lost: (reason) => {
      state.hearing(false);
      // Said once: a database that is away for an hour would fill the log.
      if (!said.deaf) log.warn({ reason }, 'Revocations are not heard of: who may come in is asked every half second');
      said.deaf = true;
    },
  });
}
