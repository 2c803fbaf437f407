// The words of a made-up company that works in three languages: where people work and what they do.

export interface DivisionWords {
  readonly name: string;
  readonly departments: readonly string[];
}

export const DIVISIONS: readonly DivisionWords[] = [
  { name: 'Operations', departments: ['Productie Noord', 'Productie Zuid', 'Logistik & Versand', 'Technische Dienst'] },
  { name: 'Vertrieb', departments: ['Verkoop België', 'Vertrieb Süd', 'Key Accounts', 'Kundendienst'] },
  { name: 'R&D', departments: ['Forschung & Entwicklung', 'Software', 'Laboratory', 'Qualitätssicherung'] },
  { name: 'Finance', departments: ['Controlling', 'Finance, Legal & Risk', 'Inkoop', 'Treasury'] },
  { name: 'People', departments: ['Personeelszaken', 'Ausbildung', 'Occupational Health', 'Communicatie'] },
  { name: 'IT', departments: ['Werkplek', 'Infrastruktur', 'Security', 'Data'] },
];

export const ROLES = [
  'Engineer',
  'Analyst',
  'Inkoper',
  'Planner',
  'Adviseur',
  'Sachbearbeiterin',
  'Controller',
  'Operator',
  'Techniker',
  'Verpleegkundige',
  'Account Manager',
  'Laborant',
] as const;

export const SENIORITIES = ['', '', '', 'Senior ', 'Junior ', 'Lead '] as const;

/** Names that are not written in the letters of the others, and one that breaks who counts characters as bytes. */
export const OTHER_SCRIPTS: readonly { readonly given: string; readonly surname: string }[] = [
  { given: 'Łukasz', surname: 'Żółć' },
  { given: '小龍', surname: '李' },
  { given: 'Ελένη', surname: 'Παπαδοπούλου' },
  { given: 'Fatma', surname: 'Işık' },
  { given: 'مريم', surname: 'الحسن' },
  { given: 'Zoë 🌷', surname: 'van ’t Hôge' },
  { given: 'Дарья', surname: 'Щукина' },
];

export const PROJECTS = [
  'Kade',
  'Phoenix',
  'Nordstern',
  'Waterlinie',
  'Atlas',
  'Bergwerk',
  'Compass',
  'Zonnewijzer',
  'Eisvogel',
  'Lighthouse',
] as const;
