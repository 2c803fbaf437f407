import { expect } from 'chai';
import {
  assertValidSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printedSchema, schema } from '../../src/graphql/schema.js';
import { projectRoot } from '../../src/projectRoot.js';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

/** Everything of a type that can be described, with what is said of it. */
function elements(type: GraphQLNamedType): [string, string | null | undefined][] {
  const own: [string, string | null | undefined] = [type.name, type.description];
  if (isEnumType(type))
    return [
      own,
      ...type
        .getValues()
        .map((value) => [`${type.name}.${value.name}`, value.description] as [string, string | null | undefined]),
    ];
  if (isInputObjectType(type)) {
    return [
      own,
      ...Object.values(type.getFields()).map(
        (field) => [`${type.name}.${field.name}`, field.description] as [string, string | null | undefined],
      ),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const name = `${type.name}.${field.name}`;
    const args = field.args.map(
      (arg) => [`${name}(${arg.name})`, arg.description] as [string, string | null | undefined],
    );
    return [[name, field.description] as [string, string | null | undefined], ...args];
  });
  return [own, ...fields];
}

describe('the GraphQL schema', () => {
  it('is valid', () => {
    expect(() => assertValidSchema(schema)).not.to.throw();
  });

  it('is what schema/graphql/directory.graphql says (npm run schema writes it)', () => {
    const file = join(projectRoot(), 'schema', 'graphql', 'directory.graphql');
    expect(readFileSync(file, 'utf8')).to.equal(printedSchema());
  });

  it('describes every type, field, argument, input field and enum value', () => {
    const all = types.flatMap(elements);
    expect(all.length).to.be.above(150);
    expect(all.filter(([, description]) => !description?.trim()).map(([name]) => name)).to.deep.equal([]);
  });

  it('has keys that take exactly one field', () => {
    expect(printedSchema())
      .to.match(/input UserKey @oneOf/)
      .and.match(/input GroupKey @oneOf/);
  });
});
