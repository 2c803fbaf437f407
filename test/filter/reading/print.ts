// A filter as text, in any of the spellings RFC 7644 section 3.4.2.2 allows: names, URNs and operators in any case,
// white space to spare, brackets nobody needs, characters of texts escaped as JSON allows.
import { type Comparison, type Literal, type Name, type Presence, type Tree } from './tree.js';

/** Returns a whole number below the given one: which of so many spellings. */
type Pick = (among: number) => number;

/** The text; spelling 0 is the plainest, any other number one of the others. */
export const print = (tree: Tree, spelling = 0): string => new Printer(picks(spelling)).tree(tree);

/** Chosen so that the same number always spells the same. */
function picks(spelling: number): Pick {
  if (spelling === 0) return () => 0;
  const state = { at: spelling };
  return (among) => {
    // Steele's and Vigna's mixing of 32 bits.
    state.at = (state.at + 0x9e3779b9) | 0;
    const once = Math.imul(state.at ^ (state.at >>> 16), 0x21f0aaad);
    const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97);
    return ((twice ^ (twice >>> 15)) >>> 0) % among;
  };
}

const GAPS = [' ', ' ', ' ', '  ', '\t', ' \n ', '\r\n'];

class Printer {
  constructor(private readonly pick: Pick) {}

  tree(tree: Tree): string {
    // Brackets around anything mean nothing.
    return this.pick(12) === 11 ? this.grouped(this.bare(tree)) : this.bare(tree);
  }

  private bare(tree: Tree): string {
    switch (tree.is) {
      case 'and':
      case 'or':
        return tree.parts
          .map((part) => this.operand(part, tree.is))
          .join(`${this.gap()}${this.word(tree.is)}${this.gap()}`);
      case 'not':
        return `${this.word('not')}${this.pick(3) === 2 ? '' : this.gap()}${this.grouped(this.tree(tree.part))}`;
      case 'comparison':
      case 'presence':
        return this.term(tree, this.name(tree.of));
      case 'valuePath': {
        const brackets = `[${this.maybe()}${this.tree(tree.inside)}${this.maybe()}]`;
        const path = `${this.name(tree.of)}${this.maybe()}${brackets}`;
        return tree.then ? this.term(tree.then, `${path}.${this.name(tree.then.of)}`) : path;
      }
    }
  }

  private operand(part: Tree, parent: 'and' | 'or'): string {
    // `and` binds tighter than `or`, so that within `or` it may go without brackets.
    const needsBrackets = part.is === parent || part.is === 'or' || (part.is === 'and' && this.pick(2) === 0);
    return needsBrackets ? this.grouped(this.bare(part)) : this.tree(part);
  }

  private term(term: Comparison | Presence, path: string): string {
    const left = `${path}${this.gap()}`;
    if (term.is === 'presence') return `${left}${this.word('pr')}`;
    return `${left}${this.word(term.operator)}${this.gap()}${this.literal(term.literal)}`;
  }

  private name({ urn, attribute, sub }: Name): string {
    return this.word(`${urn === undefined ? '' : `${urn}:`}${attribute}${sub === undefined ? '' : `.${sub}`}`);
  }

  private literal(literal: Literal): string {
    if (typeof literal === 'number') return this.pick(2) === 1 ? literal.toExponential() : JSON.stringify(literal);
    if (typeof literal !== 'string') return JSON.stringify(literal);
    const often = this.pick(3) === 2;
    const characters = Array.from(literal, (character) =>
      often && this.pick(4) === 3 ? this.escaped(character) : JSON.stringify(character).slice(1, -1),
    );
    return `"${characters.join('')}"`;
  }

  private escaped(character: string): string {
    if (character === '/') return '\\/';
    const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
    return units.map((unit) => `\\u${this.pick(2) === 1 ? unit.toUpperCase() : unit}`).join('');
  }

  private word(text: string): string {
    switch (this.pick(6)) {
      case 4:
        return text.toUpperCase();
      case 5:
        return Array.from(text, (letter) => (this.pick(2) === 1 ? letter.toUpperCase() : letter.toLowerCase())).join(
          '',
        );
      default:
        return text;
    }
  }

  private grouped(inside: string): string {
    return `(${this.maybe()}${inside}${this.maybe()})`;
  }

  private gap(): string {
    return GAPS[this.pick(GAPS.length)] ?? ' ';
  }

  private maybe(): string {
    return this.pick(5) === 4 ? this.gap() : '';
  }
}
