// `npm run demo`: the service with an empty database of its own, an app integration, some people of SpeakUp to be taken
// over, and an organisation of 250 people that lives through a month; then both sides are compared. Exit code 0 when
// they agree.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../src/projectRoot.js';
import { readOrganisation } from '../src/simulator/organisation/file.js';
import { isEnabled } from '../src/simulator/organisation/organisation.js';
import { freePort } from './freePort.js';

const PEOPLE = 250;
/** Known to SpeakUp before Entra comes. */
const LOCAL = 20;

const folder = await mkdtemp(join(tmpdir(), 'speakup-demo-'));
// PostgreSQL's account must reach it when this runs as root.
await chmod(folder, 0o711);
const file = (name: string) => join(folder, name);
const environment = { ...process.env, DATA_DIR: folder, PORT: String(await freePort()), LOG_LEVEL: 'warn' };
const address = `http://127.0.0.1:${environment.PORT}`;

const service = start('main.js');
try {
  process.exitCode = await demo();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  service.kill();
  if (service.exitCode === null) await once(service, 'close');
}

async function demo(): Promise<number> {
  say(`Starting the service with an empty database in ${folder}`);
  await untilReady();
  say('Making the tenant "demo" and an app integration for Entra ID');
  await writeFile(
    file('entra.json'),
    await output(...words('integration create --tenant demo --users-and-groups full'), '--name', 'Entra ID', '--json'),
  );
  say(`Making up ${PEOPLE} people of an Entra ID tenant; ${LOCAL} of them are in SpeakUp already`);
  await run(...words(`simulate organisation --people ${PEOPLE} --groups 24 --out`), file('org.json'));
  await writeFile(file('people.csv'), await localPeople());
  await run(...words('user import --tenant demo'), file('people.csv'));
  say('Switching off the brake on mass deactivations: the leavers of a month come within a minute');
  await run(...words('brake configure --tenant demo --off'));
  const target = ['--credentials', file('entra.json'), '--state', file('simulation.json')];
  await run(...words('simulate test-connection'), ...target.slice(0, 2));
  say('A month of Entra ID: the first cycle, then a cycle a day, on a line that now and then loses an answer');
  const life = words('simulate life --days 30 --speed 1d=0.2s --drop 1% --graphql --verify-at-end');
  const code = await run(...life, '--organisation', file('org.json'), ...target, '--html', file('report.html'));
  say(code === 0 ? 'Entra ID and SpeakUp agree about everybody.' : 'Entra ID and SpeakUp do not agree, see above.');
  console.log(whereToLook());
  return code;
}

function words(text: string): string[] {
  return text.split(' ');
}

function say(text: string): void {
  console.log(`\n── ${text}`);
}

function whereToLook(): string {
  return `
  The report          ${file('report.html')}
  The service again   DATA_DIR=${folder} PORT=${environment.PORT} npm start
  People by GraphQL   DATA_DIR=${folder} npm run --silent cli -- token create --tenant demo --role admin, then open ${address}/graphql
  Another cycle       npm run --silent cli -- simulate cycle --credentials ${file('entra.json')} --state ${file('simulation.json')} --verify
  To be rid of it     rm -r ${folder}
`;
}

function start(program: string, ...args: readonly string[]): ChildProcess {
  const scripts = join(projectRoot(), 'scripts', 'run.mjs');
  const output = program === 'main.js' ? 'inherit' : 'pipe';
  return spawn(process.execPath, [scripts, program, ...args], {
    env: environment,
    stdio: ['ignore', output, 'inherit'],
  });
}

/** Runs a command to its end, shows what it prints, and returns its exit code. Everything but a simulation must succeed. */
async function run(...args: readonly string[]): Promise<number> {
  const child = start('cli/index.js', ...args);
  child.stdout?.pipe(process.stdout, { end: false });
  await once(child, 'close');
  if (child.exitCode !== 0 && !args.includes('life')) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
  return child.exitCode ?? 1;
}

async function output(...args: readonly string[]): Promise<string> {
  const child = start('cli/index.js', ...args);
  const parts: string[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part.toString()));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
  return parts.join('');
}

/** Some of the organisation, as SpeakUp knows them: by their e-mail address, some of them with another userName. */
async function localPeople(): Promise<string> {
  const { people } = await readOrganisation(file('org.json'));
  const known = [...people.values()].filter((person) => isEnabled(person) && person.mail).slice(-LOCAL);
  const lines = known.map(({ userPrincipalName, mail, displayName }, n) =>
    [n % 2 === 0 ? userPrincipalName : `local-${n}`, mail, displayName].map((cell) => `"${cell ?? ''}"`).join(','),
  );
  return ['userName,email,displayName', ...lines].join('\n');
}

async function untilReady(): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (service.exitCode !== null) throw new Error(`The service ended with ${service.exitCode}`);
    const ready = await fetch(`${address}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await sleep(200);
  }
  throw new Error('The service is not ready after two minutes');
}
