// Which people made in SpeakUp a list would take over: asked before provisioning is switched on.
import { Arg, Ctx, Field, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { type Values } from '../attribute/change.js';
import { userType } from '../directory/resourceTypes.js';
import { type Previewed, previewAdoption } from '../directory/user/previewAdoption.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { descriptionOf } from './describe.js';
import { AdoptionOutcome, MatchedBy } from './enums.js';
import { ForRoles } from './introspection.js';
import { UserObject } from './userObject.js';
import { plainText } from './where.js';

const MOST_PEOPLE = 1000;

@InputType({ description: 'A person as the identity provider would send one.' })
export class AdoptionCandidateInput {
  @Field(() => String, { description: descriptionOf(userType, 'userName') })
  userName!: string;

  @Field(() => [String], {
    defaultValue: [],
    description: 'The e-mail addresses, the one to match by first. Without any, the userName where it is an address.',
  })
  emails!: string[];

  @Field(() => String, { nullable: true, description: descriptionOf(userType, 'externalId') })
  externalId?: string | null;
}

@ObjectType('AdoptionPreview', { simpleResolvers: true, description: 'What would become of one person of the list.' })
export class AdoptionPreview {
  @Field(() => String, { description: 'The userName, as it was given.' })
  userName!: string;

  @Field(() => AdoptionOutcome, { description: 'What becomes of the person.' })
  outcome!: keyof typeof AdoptionOutcome;

  @Field(() => UserObject, { nullable: true, description: 'Whom it concerns; null for somebody new.' })
  user?: unknown;

  @Field(() => MatchedBy, {
    nullable: true,
    description: 'By what the person is found; null where nobody is taken over.',
  })
  matchedBy?: keyof typeof MatchedBy;

  @Field(() => String, {
    nullable: true,
    description: 'Why the person is refused, as the identity provider would be told; null where the person is not.',
  })
  explanation?: string;
}

@Resolver()
export class AdoptionPreviewResolver {
  @ForRoles('ADMIN')
  @Query(() => [AdoptionPreview], {
    description:
      'What would become of these people if the identity provider sent them in this order: who is taken over, who is new, who is refused. Nothing is changed. For administrators.',
  })
  async adoptionPreview(
    @Ctx() context: GraphqlContext,
    @Arg('people', () => [AdoptionCandidateInput], { description: `The list: ${MOST_PEOPLE} people at most.` })
    people: AdoptionCandidateInput[],
  ): Promise<AdoptionPreview[]> {
    requireAdministrator(context);
    if (people.length > MOST_PEOPLE) {
      throw new Refusal('invalidValue', `people: ${MOST_PEOPLE} can be looked at in one request.`);
    }
    const previewed = await previewAdoption(await context.scope(), people.map(valuesOf));
    return previewed.map((one, index) => ({ userName: people[index]?.userName ?? '', ...shown(one) }));
  }
}

function valuesOf({ userName, emails, externalId }: AdoptionCandidateInput, index: number): Values {
  if (userName.trim() === '') throw new Refusal('invalidValue', `people.${index}.userName must not be blank.`);
  return {
    userName: plainText(userName),
    ...(emails.length > 0 ? { emails: emails.map((value) => ({ value: plainText(value) })) } : {}),
    ...(externalId === null || externalId === undefined ? {} : { externalId: plainText(externalId) }),
  };
}

function shown(previewed: Previewed): Omit<AdoptionPreview, 'userName'> {
  switch (previewed.kind) {
    case 'new':
      return { outcome: 'NEW' };
    case 'adopt':
      return { outcome: 'ADOPTED', user: previewed.user, matchedBy: previewed.rule };
    case 'revive':
      return { outcome: 'REVIVED', user: previewed.user };
    case 'refused': {
      const { reason, message } = previewed.refusal;
      return { outcome: reason, user: previewed.user, explanation: message };
    }
  }
}
