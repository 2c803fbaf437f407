// The operations of one PATCH on members, collapsed: members are a set, so for each person only the last step counts.
import { type Attribute } from '../attribute/attribute.js';
import { type MemberChange } from '../attribute/change.js';
import { type Filter } from '../filter/filter.js';
import { Refusal } from '../refusal.js';
import { type Reading, canonicalValue } from './canonical.js';
import { type Operation } from './entraDialect.js';
import { memberIds } from './resourceBody.js';
import { validateValue } from './validateMessage.js';

export class MemberSteps {
  private readonly add = new Set<string>();
  private readonly remove = new Set<string>();
  private keepOthers = true;
  private touched = false;

  constructor(private readonly reading: Reading) {}

  /** Takes one operation on `members` in. */
  apply(operation: Operation, attribute: Attribute, filter: Filter | undefined): void {
    const { op, value } = operation;
    this.touched = true;
    switch (op) {
      case 'add':
      case 'replace':
        // RFC 7643 section 2.2: immutable, so no member becomes another one.
        if (filter)
          throw new Refusal('mutability', `${attribute.name}[…] can be removed, not changed: add or remove members.`);
        // Adding nothing adds nothing: a group is never emptied by an add.
        if (op === 'replace') this.clear();
        for (const id of value === null ? [] : this.idsOf(attribute, value)) this.come(id);
        return;
      case 'remove':
        if (filter) idsIn(filter).forEach((id) => this.go(id));
        else if ('value' in operation) this.removeListed(attribute, value);
        else this.clear();
    }
  }

  /** Undefined where no operation was about members. */
  change(): MemberChange | undefined {
    const { keepOthers, add, remove } = this;
    return this.touched ? { keepOthers, add: [...add], remove: [...remove] } : undefined;
  }

  /** Entra's default dialect: the value says whom to remove. Read as the RFC does, it would empty the group. */
  private removeListed(attribute: Attribute, value: unknown): void {
    if (!this.reading.lenient)
      throw new Refusal(
        'invalidValue',
        'A remove operation takes no value; select members with members[value eq "id"].',
      );
    if (value === null)
      throw new Refusal(
        'invalidValue',
        'value is null: name the members to remove, or leave value out to remove all of them.',
      );
    this.reading.notes.leniencies.add('removeWithValueList');
    this.idsOf(attribute, value).forEach((id) => this.go(id));
  }

  private idsOf(attribute: Attribute, value: unknown): string[] {
    const many = this.reading.lenient || Array.isArray(value) ? value : [value];
    const given = canonicalValue(attribute, many, this.reading);
    validateValue(attribute, given, attribute.name);
    return memberIds(given);
  }

  private clear(): void {
    this.keepOthers = false;
    this.add.clear();
    this.remove.clear();
  }

  private come(id: string): void {
    this.remove.delete(id);
    this.add.add(id);
  }

  private go(id: string): void {
    this.add.delete(id);
    this.remove.add(id);
  }
}

/** The ids a filter on members selects: `value eq "id"`, several of them joined by `or`. */
function idsIn(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.filters.flatMap(idsIn);
  if (
    filter.kind === 'compare' &&
    filter.operator === 'eq' &&
    filter.path.text.toLowerCase() === 'value' &&
    typeof filter.literal === 'string'
  ) {
    return [filter.literal];
  }
  throw new Refusal(
    'invalidFilter',
    `Members are selected by value only: members[value eq "id"] (column ${filter.column}).`,
  );
}
