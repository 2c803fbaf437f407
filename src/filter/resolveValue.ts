// Which operators and which values suit an attribute's type: RFC 7644 table 3.
import { type Attribute } from '../attribute/attribute.js';
import { type AttributeType, parseDateTime } from '../attribute/attributeType.js';
import { Refusal } from '../refusal.js';
import { type Comparison, type FilterLeniency } from './filter.js';
import { type ResolvedOperator, type ResolvedValue } from './resolvedFilter.js';

/** Profile ENTRA reads values loosely. */
export interface Looseness {
  readonly loose: boolean;
  readonly note: ((leniency: FilterLeniency) => void) | undefined;
}

/** A comparison with something: `ne` and null are dealt with before. */
export type ValueComparison = Comparison & { readonly operator: ResolvedOperator; readonly literal: ResolvedValue };

const IN_ORDER: readonly ResolvedOperator[] = ['eq', 'gt', 'ge', 'lt', 'le'];
const SUITED: Readonly<Record<AttributeType, readonly ResolvedOperator[]>> = {
  string: [...IN_ORDER, 'co', 'sw', 'ew'],
  reference: [...IN_ORDER, 'co', 'sw', 'ew'],
  decimal: IN_ORDER,
  integer: IN_ORDER,
  dateTime: IN_ORDER,
  boolean: ['eq'],
  binary: ['eq'],
  complex: [],
};

/** The literal as a value of the attribute's type. Refuses an operator or a literal that does not suit it. */
export function resolveValue(attribute: Attribute, filter: ValueComparison, loose: Looseness): ResolvedValue {
  const { path, operator, column } = filter;
  if (!SUITED[attribute.type].includes(operator)) {
    throw refusal(`"${operator}" does not suit "${path.text}"`, column);
  }
  const value = valueOfType(attribute.type, filter, loose);
  if (value === undefined) throw refusal(`"${path.text}" is compared with ${WANTED[attribute.type]}`, column);
  return value;
}

const WANTED: Readonly<Record<AttributeType, string>> = {
  string: 'text in double quotes',
  reference: 'an address in double quotes',
  decimal: 'a number',
  integer: 'a number',
  dateTime: 'a date and time such as "2011-05-13T04:42:34Z"',
  boolean: 'true or false',
  binary: 'base64 in double quotes',
  complex: 'nothing',
};

function valueOfType(type: AttributeType, filter: ValueComparison, loose: Looseness): ResolvedValue | undefined {
  const { literal } = filter;
  switch (type) {
    case 'string':
    case 'reference':
    case 'binary':
      return textFrom(filter, loose);
    case 'boolean':
      return booleanFrom(literal, loose);
    case 'integer':
    case 'decimal':
      return typeof literal === 'number' ? literal : undefined;
    case 'dateTime':
      return typeof literal === 'string' ? parseDateTime(literal) : undefined;
    case 'complex':
      return undefined;
  }
}

// Unquoted, `employeeNumber eq 70077` looks like a number.
function textFrom({ literal, digits }: ValueComparison, { loose, note }: Looseness): string | undefined {
  if (typeof literal === 'string') return literal;
  if (!loose || digits === undefined) return undefined;
  note?.('unquotedFilterValue');
  return digits;
}

function booleanFrom(literal: ResolvedValue, { loose, note }: Looseness): boolean | undefined {
  if (typeof literal === 'boolean') return literal;
  const word = typeof literal === 'string' && loose ? literal.toLowerCase() : '';
  if (word !== 'true' && word !== 'false') return undefined;
  note?.('stringBoolean');
  return word === 'true';
}

const refusal = (message: string, column: number): Refusal =>
  new Refusal('invalidFilter', `${message} at column ${column}`);
