import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';
import { foundCompany } from '../support/company.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

const FILE = join(projectRoot(), 'docs', 'graphql.md');
const EXAMPLE = /## ([^\n]+)\n(?:(?!## )[^])*?```graphql\n([^]*?)```\n\n```json\n([^]*?)```/g;

/** The month of the document and the next, as this month and the next. */
const MONTHS = ['2026-11-01', '2026-12-01'] as const;
const now = new Date();
const monthFrom = (ahead: number) =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 10);

describe('docs/graphql.md', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    await foundCompany(tenant);
  });

  const examples = [...readFileSync(FILE, 'utf8').matchAll(EXAMPLE)];

  it('asks more than ten questions', () => {
    expect(examples).to.have.length(11);
  });

  for (const [whole, title = '', query = '', answer = ''] of examples) {
    it(`answers truly: ${title}`, async () => {
      const asked = MONTHS.reduce((text, month, ahead) => text.replaceAll(month, monthFrom(ahead)), query);
      const { body } = await tenant.graphql(asked, {}, { role: 'ANALYST' });
      const said = JSON.stringify({ data: body.data, errors: body.errors });
      const real = MONTHS.reduceRight((text, month, ahead) => text.replaceAll(monthFrom(ahead), month), said);
      // `WRITE_DOCS=1 npx mocha test/contract/graphqlDocs.test.ts` writes what is answered; the diff is the review.
      if (process.env.WRITE_DOCS) {
        const text = `${JSON.stringify(JSON.parse(real), null, 2)}\n`;
        const written = `${whole.slice(0, whole.lastIndexOf('```json\n'))}\`\`\`json\n${text}\`\`\``;
        writeFileSync(
          FILE,
          readFileSync(FILE, 'utf8').replace(whole, () => written),
        );
        return;
      }
      expect(JSON.parse(real)).to.deep.equal(JSON.parse(answer));
    });
  }
});
