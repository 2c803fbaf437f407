// What is wrong with the input of a mutation: told in its payload, by field, so that a form can show it.
import { Field, ObjectType } from 'type-graphql';
import { FieldRefusal as InputRefusal } from '../directory/fieldRefusal.js';
import { Refusal, type RefusalKind } from '../refusal.js';
import { UserErrorCode } from './enums.js';

export { InputRefusal };

type Code = keyof typeof UserErrorCode;

@ObjectType('UserError', {
  simpleResolvers: true,
  description: 'Something wrong with an input that a person can put right.',
})
export class UserError {
  @Field(() => [String], {
    nullable: true,
    description: 'The path of the field below `input`; null where it is none alone.',
  })
  field!: readonly string[] | null;

  @Field(() => String, { description: 'What is wrong, for a person to read.' })
  message!: string;

  @Field(() => UserErrorCode, { description: 'What is wrong, for a program.' })
  code!: Code;
}

/** Says of a refusal with `notFound` which field of the input named what is not there. */
export async function namedBy<Result>(field: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'notFound') {
      throw new InputRefusal('NOT_FOUND', [field], error.message);
    }
    throw error;
  }
}

/** What a mutation answers: its result, or what was wrong with the input. Other errors go on. */
export async function payloadOf<Result extends object>(
  work: () => Promise<Result>,
): Promise<(Result | { [Name in keyof Result]?: undefined }) & { userErrors: readonly UserError[] }> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    const wrong = error instanceof Refusal ? userErrorFrom(error) : undefined;
    if (!wrong) throw error;
    const nothing: { [Name in keyof Result]?: undefined } = {};
    return { ...nothing, userErrors: [wrong] };
  }
}

/** What a person can put right, where no field is to blame alone. */
const CODES: Partial<Record<RefusalKind, Code>> = {
  invalidValue: 'INVALID',
  uniqueness: 'TAKEN',
  notFound: 'NOT_FOUND',
  managedByScim: 'MANAGED_BY_SCIM',
  conflict: 'NOT_NOW',
};

function userErrorFrom(refusal: Refusal): UserError | undefined {
  const { message, kind } = refusal;
  if (refusal instanceof InputRefusal) return { field: refusal.field, message, code: refusal.code };
  const code = CODES[kind];
  return code && { field: null, message, code };
}
