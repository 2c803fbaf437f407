import { expect } from 'chai';
import { schemaChanges } from '../../scripts/breakingChanges.js';

const BEFORE = `
  enum Status { ACTIVE }
  type User { id: ID! title: String status: Status }
  type Query { user(id: ID!): User }`;

describe('changes of the GraphQL schema', () => {
  it('break nobody when something is added', () => {
    const after = BEFORE.replace('title: String', 'title: String nickName: String');
    expect(schemaChanges(BEFORE, after)).to.deep.equal({ breaking: [], dangerous: [] });
  });

  it('break when a field goes, turns nullable or an argument becomes required', () => {
    const after = BEFORE.replace('id: ID! title: String', 'id: ID').replace(
      'user(id: ID!)',
      'user(id: ID!, tenant: String!)',
    );
    const { breaking } = schemaChanges(BEFORE, after);
    expect(breaking).to.have.length(3);
    expect(breaking.join(' '))
      .to.match(/title/)
      .and.match(/User\.id/)
      .and.match(/tenant/);
  });

  it('are told when an old query may meet a value it does not know', () => {
    const { breaking, dangerous } = schemaChanges(BEFORE, BEFORE.replace('ACTIVE', 'ACTIVE LOCKED'));
    expect(breaking).to.deep.equal([]);
    expect(dangerous.join(' ')).to.match(/LOCKED/);
  });
});
