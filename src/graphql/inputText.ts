// Texts in the inputs of mutations.
export { fieldText as inputText, LONGEST_TEXT, requiredFieldText as requiredText } from '../directory/fieldRefusal.js';
