// Awkward people and groups, as a client would send them; the random filters ask for what they have.
import { type Json } from './reading/tree.js';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const person = (userName: string, more: Json = {}): Json => ({ userName, ...more });

/** `manager.value` is `#n` for the nth of these people. */
export const samplePeople: readonly Json[] = [
  person('mara.vos@fabriek.example', {
    externalId: 'mvos',
    displayName: 'Mara Vos',
    name: { givenName: 'Mara', familyName: 'Vos', formatted: 'Mara Vos' },
    active: true,
    title: 'Engineer',
    emails: [
      { value: 'mara.vos@fabriek.example', type: 'work', primary: true },
      { value: 'mara@home.example', type: 'home', primary: false },
    ],
    phoneNumbers: [{ value: '+31 6 1234', type: 'mobile' }],
    [enterprise]: { employeeNumber: '70077', department: 'Legal', manager: { value: '#1' } },
  }),
  person('JOS', {
    externalId: 'MVOS',
    displayName: 'jos',
    name: { familyName: 'vos' },
    active: false,
    emails: [{ value: 'MARA@home.example', type: 'WORK' }],
  }),
  person('bare'),
  person('deactivated', { active: false, [enterprise]: { costCenter: '100%' } }),
  person('İstanbul', { displayName: 'İı', nickName: 'ı', title: 'i' }),
  person('istanbul', { displayName: 'Iı', nickName: 'i', title: 'İ' }),
  person('straße', { nickName: 'STRASSE', title: 'Straße', name: { familyName: 'Groß' } }),
  person('ΣΑΣ', {
    nickName: 'σας',
    title: 'ΟΔΟΣ',
    name: { givenName: 'ΑΣ Β' },
    emails: [{ value: 'ΣΑΣ@example.org' }],
  }),
  person('σασ2', { nickName: 'σασ', title: 'οδος' }),
  person('a%b', { nickName: 'a_b', title: 'a\\b', externalId: '%' }),
  person('aXb', { nickName: 'aXb', title: 'a\\\\b', externalId: '_' }),
  person("o'brien", { nickName: "O'Brien", title: '"quoted"', externalId: '\\' }),
  person('😀smile', { nickName: '😀', title: 'a😀b', externalId: '😀' }),
  person('\ue000private', { nickName: '\ue000', title: '\uffff', externalId: '\uffff' }),
  person('\ud7ffhangul', { nickName: '\ud7ff', title: '\ud7ffa', externalId: '\ud7ff' }),
  person('\u{10ffff}last', { nickName: '\u{10ffff}', title: '\u{10ffff}\u{10ffff}', externalId: '\u{10ffff}x' }),
  person('é', { nickName: 'é', title: 'E\u0301', externalId: 'é' }),
  person('e\u0301', { nickName: 'É', title: 'é', externalId: 'e\u0301' }),
  person('two lines', {
    title: 'one\ntwo',
    nickName: ' space ',
    addresses: [{ formatted: 'Street 1\nTown', type: 'work', primary: true }],
  }),
  person('empty', {
    title: '',
    nickName: '',
    externalId: '',
    name: { givenName: '' },
    emails: [{ value: '', type: '' }],
  }),
  // The last one is there because a directory matches people by their address of type work: it must be their own.
  person('emails1', {
    emails: [{ type: 'work' }, { value: 'x@y.example' }, { value: 'emails1@y.example', type: 'Work' }],
  }),
  person('emails2', {
    emails: [
      { value: 'x@y.example', type: 'work' },
      { value: 'x@y.example', type: 'home', primary: true },
    ],
  }),
  person('emails3', { emails: [{ primary: false }, { primary: true, display: 'X' }] }),
  person('emails4', {
    emails: [
      { value: 'X@Y.EXAMPLE', type: 'home' },
      { value: 'z@y.example', type: 'work' },
    ],
  }),
  person('photos', {
    profileUrl: 'https://Example.org/A',
    photos: [
      { value: 'https://example.org/a', type: 'photo' },
      { value: 'https://example.org/A', type: 'thumbnail' },
    ],
    x509Certificates: [{ value: 'TUlJ' }, { value: 'tulj', primary: true }],
  }),
  person('roles', {
    roles: [
      { value: 'Admin', primary: true },
      { value: 'admin', type: 'x' },
    ],
    entitlements: [{ value: 'a%' }],
    ims: [{ value: 'me', type: 'xmpp' }],
  }),
  person('managed', {
    displayName: 'Managed',
    [enterprise]: { manager: { value: '#0' }, division: 'D1', organization: 'Fabriek' },
  }),
  person('waiting', { [enterprise]: { manager: { value: 'nobody-yet' }, employeeNumber: '70077a' } }),
  person('upper', {
    [enterprise]: { manager: { value: 'Nobody-Yet' }, employeeNumber: '70077A', department: 'LEGAL' },
  }),
  // Sent by another name than the id, and found to mean the first of them.
  person('managed2', { [enterprise]: { manager: { value: 'MARA.vos@fabriek.example' } } }),
  person('kelvin', { nickName: '\u212a', title: 'k', locale: '\u212b', userType: 'ſ', externalId: '\u212a' }),
  person('sharp', { nickName: 'ẞ', title: 'ss', locale: 'ſſ', userType: 'S', name: { familyName: 'GROẞ' } }),
  person('scripts', {
    nickName: 'Ა',
    title: 'Ꭰ',
    locale: '\u{10400}',
    userType: '\u{1e900}',
    timezone: 'ǅ',
    [enterprise]: { division: 'ﬀ', organization: 'ΑΣ.', department: 'ᾼ', costCenter: '👩\u200d💻' },
  }),
  person('hollow', { name: {}, addresses: [{}], phoneNumbers: [], roles: [{ value: 'x' }, {}] }),
  person('languages', {
    preferredLanguage: 'nl-NL',
    locale: 'nl-nl',
    timezone: 'Europe/Amsterdam',
    userType: 'Employee',
  }),
  person('addresses', {
    userType: 'employee',
    addresses: [
      { type: 'work', locality: 'Utrecht', postalCode: '3500 AA', country: 'NL' },
      { type: 'home', locality: 'Utrecht', region: 'UT', streetAddress: 'Laan 1_2' },
    ],
  }),
];

/** `members` are the places of people above. */
export const sampleGroups: readonly Json[] = [
  { displayName: 'Everybody', externalId: 'all', members: samplePeople.map((_, at) => ({ value: `#${at}` })) },
  { displayName: 'Nobody' },
  { displayName: 'ENGINEERS', externalId: 'eng', members: [{ value: '#0' }, { value: '#1' }, { value: '#4' }] },
  { displayName: '100%_\\', externalId: '%', members: [{ value: '#2' }] },
  { displayName: 'ΟΔΟΣ', members: [{ value: '#7' }, { value: '#0' }] },
  { displayName: 'İ', externalId: '', members: [{ value: '#4' }, { value: '#5' }] },
];
