// tenant export: everything of a tenant in one file.
import { type Command } from 'commander';
import { exportTenant } from '../directory/tenant/exportTenant.js';
import { asOperator, tenantOfSlug } from './asOperator.js';
import { jsonOption, tenantArgument } from './options.js';
import { print } from './print.js';
import { writePrivateFile } from './privateFile.js';

/** Adds the command. */
export function tenantExport(parent: Command): void {
  parent
    .command('export')
    .description('Writes everything of a tenant into a file that only you can read: one JSON object a line.')
    .addArgument(tenantArgument())
    .requiredOption('--out <file>', 'the file; it must not be there yet')
    .addOption(jsonOption())
    .action(exportTo);
}

async function exportTo(slug: string, { out, json }: { readonly out: string; readonly json?: boolean }): Promise<void> {
  let lines = 0;
  async function* counted(pages: AsyncIterable<readonly string[]>) {
    for await (const page of pages) {
      lines += page.length;
      yield page;
    }
  }
  await asOperator(async (owner) => {
    const tenant = await tenantOfSlug(owner, slug);
    await writePrivateFile(out, counted(exportTenant(owner, tenant, new Date())));
  });
  print(json, { tenant: slug, file: out, lines }, `Everything of tenant ${slug} is in ${out}: ${lines} lines.`);
}
