// The closed lists of words that analytics has, each word described.
import { words } from './enums.js';

export const Dimension = words('Dimension', 'What people can be counted by.', {
  DEPARTMENT: 'The department.',
  DIVISION: 'The division.',
  COST_CENTER: 'The cost centre.',
  ORGANIZATION: 'The organisation.',
  TITLE: 'The job title.',
  USER_TYPE: 'The kind of employment, such as employee or contractor.',
  PREFERRED_LANGUAGE: 'The language the person prefers.',
  LOCALE: 'Where the person is, for dates and currency.',
  MANAGER: 'The person they report to; nobody while the reference is not resolved.',
  STATUS: 'Whether they take part.',
  ORIGIN: 'Who manages them: the identity provider or SpeakUp.',
});

export const HeadcountOrder = words('HeadcountOrder', 'How rows of a head count are sorted.', {
  COUNT_DESC: 'Most people first.',
  COUNT_ASC: 'Fewest people first.',
  KEY_ASC: 'By value, in the order of the dimensions; the unassigned are last.',
});

export const QualityProblem = words(
  'QualityProblem',
  'What can be wrong with the data of an active person or a group.',
  {
    NO_EMAIL: 'No e-mail address, and no userName that is one.',
    NO_MANAGER: 'No manager was ever sent.',
    UNRESOLVED_MANAGER: 'A manager was sent whom nobody here answers to.',
    INACTIVE_MANAGER: 'The manager is deactivated.',
    MANAGER_CYCLE: 'Their own manager, over any number of steps.',
    NO_DEPARTMENT: 'No department.',
    DUPLICATE_EMPLOYEE_NUMBER: 'Another active person has the same employee number, case not counted.',
    EMPTY_GROUP: 'A group without members.',
  },
);

export const Period = words('Period', 'How long a period is. Periods are those of UTC.', {
  DAY: 'A day.',
  WEEK: 'A week, from Monday.',
  MONTH: 'A calendar month.',
});
