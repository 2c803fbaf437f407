// token create: a person's token for GraphQL, the local stand-in for SpeakUp's own sign-in.
import { type Command, Option } from 'commander';
import { signAccessToken, TOKEN_SECONDS } from '../access/token.js';
import { findActivePerson } from '../directory/personState.js';
import { atWork, operatorIn } from './atWork.js';
import { jsonOption, tenantOption } from './options.js';
import { print } from './print.js';

interface Options {
  readonly tenant: string;
  readonly role: keyof typeof ROLES;
  readonly user?: string;
  readonly json?: boolean;
}

const ROLES = { admin: 'ADMIN', analyst: 'ANALYST', frontend: 'FRONTEND' } as const;

/** Adds the command. */
export function tokenCreate(parent: Command): void {
  parent
    .command('create')
    .description('Makes an access token of a person for GraphQL, for one hour.')
    .addOption(tenantOption())
    .addOption(new Option('--role <role>', 'what the person may do').choices(Object.keys(ROLES)).makeOptionMandatory())
    .option('--user <userName>', 'which person; without it an unnamed one')
    .addOption(jsonOption())
    .action(create);
}

async function create({ tenant, role, user, json }: Options): Promise<void> {
  const { accessToken, publicUrl } = await atWork(async (deps) => {
    const { tenantId } = await operatorIn(tenant, deps);
    const userId = user === undefined ? null : await findActivePerson(deps.db, tenantId, user);
    const subject = { kind: 'PERSON', tenantId, userId, role: ROLES[role] } as const;
    const accessToken = await signAccessToken(subject, deps.keys, deps.publicUrl, deps.clock());
    return { accessToken, publicUrl: deps.publicUrl };
  });
  const words = `${accessToken}

A token for one hour. To try it:

  curl ${publicUrl}/graphql -H 'Content-Type: application/json' -d '{"query":"{ __typename }"}' \\
    -H 'Authorization: Bearer ${accessToken}'`;
  print(json, { accessToken, expiresIn: TOKEN_SECONDS }, words);
}
