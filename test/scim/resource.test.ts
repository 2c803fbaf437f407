import { expect } from 'chai';
import { projection } from '../../src/attribute/projection.js';
import { groupType } from '../../src/directory/resourceTypes.js';
import { resourceFromRow } from '../../src/scim/resource.js';

describe('a row as a resource', () => {
  const row = { id: '01a2015c-8ac3-7055-943f-6ab7fd0a59da', version: 1, externalId: null, displayName: 'Team' };
  const modified = (updatedAt: Date | string): unknown => {
    const resource = resourceFromRow(
      groupType,
      { ...row, createdAt: updatedAt, updatedAt },
      projection(groupType, undefined, undefined),
      'https://directory.example/scim/v2',
    );
    return (resource.meta as { lastModified: string }).lastModified;
  };

  for (const [printed, expected] of [
    ['2026-11-22 03:45:00.123+00', '2026-11-22T03:45:00.123Z'],
    ['2026-11-22 03:45:00.12+00', '2026-11-22T03:45:00.120Z'],
    ['2026-11-22 03:45:00+00', '2026-11-22T03:45:00.000Z'],
    ['2026-11-22 05:45:00.123+02', '2026-11-22T03:45:00.123Z'],
    ['2026-11-21 22:15:00.12-05:30', '2026-11-22T03:45:00.120Z'],
  ] as const) {
    it(`shows the moment PostgreSQL prints as ${printed} in UTC with its milliseconds`, () => {
      expect(modified(printed)).to.equal(expected);
      expect(modified(new Date(expected))).to.equal(expected);
    });
  }
});
