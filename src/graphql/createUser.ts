// A person made in SpeakUp itself, for whom the identity provider does not know.
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { fold } from '../attribute/attributeType.js';
import { type Values } from '../attribute/change.js';
import { allUsers, listRows } from '../directory/lists.js';
import { userType } from '../directory/resourceTypes.js';
import { type WriteScope, writeIn } from '../directory/scope.js';
import { matchKeys } from '../directory/user/matching.js';
import { provisionUser } from '../directory/user/provisionUser.js';
import { type UserRow } from '../directory/user/userRow.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { declareFields, descriptionOf } from './describe.js';
import { inputText, requiredText } from './inputText.js';
import { InputRefusal, payloadOf, UserError } from './userErrors.js';
import { UserObject } from './userObject.js';
import { userFilter } from './where.js';

const TEXTS = {
  displayName: 'displayName',
  title: 'title',
  userType: 'userType',
  preferredLanguage: 'preferredLanguage',
  employeeNumber: 'employeeNumber',
  costCenter: 'costCenter',
  division: 'division',
  department: 'department',
} as const;
const NAMES = { givenName: 'name.givenName', familyName: 'name.familyName' } as const;

@InputType({ description: 'A new person. What is blank or absent is unassigned.' })
export class CreateUserInput {
  @Field(() => String, { description: descriptionOf(userType, 'userName') })
  userName!: string;

  @Field(() => String, { nullable: true, description: 'The e-mail address at work. Unique in the tenant.' })
  email?: string;

  @Field(() => Boolean, { defaultValue: true, description: descriptionOf(userType, 'active') })
  active!: boolean;
}
declareFields(CreateUserInput, () => String, userType, { ...NAMES, ...TEXTS });

type Text = keyof typeof NAMES | keyof typeof TEXTS;
type NewUser = CreateUserInput & { readonly [Name in Text]?: string };

@ObjectType({ simpleResolvers: true, description: 'What createUser answers.' })
export class CreateUserPayload {
  @Field(() => UserObject, { nullable: true, description: 'The new person; null where the input was wrong.' })
  user?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@Resolver()
export class CreateUserResolver {
  @Mutation(() => CreateUserPayload, {
    description:
      'Makes a person of origin SPEAKUP. The identity provider takes the person over when it sends the same userName or e-mail address.',
  })
  async createUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => CreateUserInput, { description: 'The new person.' }) input: NewUser,
  ): Promise<CreateUserPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    return payloadOf(async () => {
      const values = valuesFrom(input);
      return { user: await writeIn(deps.db, actor, request, (scope) => makeUser(scope, values)) };
    });
  }
}

async function makeUser(scope: WriteScope, values: Values): Promise<() => Promise<UserRow>> {
  await refuseTaken(scope, values);
  const { user, how, saved } = await provisionUser(scope, values, 'SPEAKUP');
  // Somebody else made the same person in this moment.
  if (how === 'ADOPTED') throw new Refusal('uniqueness', `"${user.userName}" is in the directory already.`);
  return async () => ({ ...user, ...(await saved)[0] });
}

/** Refuses by field what `provisionUser` would adopt or refuse: userName and e-mail address are compared crosswise. */
async function refuseTaken(scope: WriteScope, values: Values): Promise<void> {
  const keys = matchKeys(values);
  const filter = { in: [keys.userName, ...(keys.email === null ? [] : [keys.email])] };
  const taken = userFilter({ or: [{ userName: filter }, { email: filter }] });
  const query = { filter: taken, withDeleted: false, sort: [], backward: false, after: undefined, limit: 1 };
  const [found] = await listRows(scope, allUsers, query);
  if (!found) return;
  const byName = [fold(found.userName), found.matchEmailKey].includes(keys.userName);
  const [field, value] = byName ? ['userName', keys.userName] : ['email', keys.email];
  throw new InputRefusal('TAKEN', [field], `"${value}" belongs to somebody of this tenant already.`);
}

function valuesFrom(input: NewUser): Values {
  const userName = requiredText('userName', input.userName);
  const email = inputText('email', input.email);
  if (email !== null && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new InputRefusal('INVALID', ['email'], `"${email}" is no e-mail address.`);
  }
  const texts = (of: Partial<Record<Text, string>>) =>
    Object.fromEntries((Object.keys(of) as Text[]).map((name) => [name, inputText(name, input[name])]));
  const name = Object.fromEntries(Object.entries(texts(NAMES)).filter(([, value]) => value !== null));
  return {
    userName,
    active: input.active,
    ...texts(TEXTS),
    ...(Object.keys(name).length > 0 ? { name } : {}),
    ...(email === null ? {} : { emails: [{ value: email, type: 'work', primary: true }] }),
  };
}
