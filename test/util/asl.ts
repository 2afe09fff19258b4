/* eslint-disable-next-line @typescript-eslint/no-require-imports */
const validate: (definition: object) => { isValid: boolean; errorsText(separator?: string): string } = require('asl-validator');

/** What an independent validator (asl-validator) finds wrong with a state machine's definition; empty if nothing. */
export function problemsOf(definition: object): string {
  const { isValid, errorsText } = validate(JSON.parse(JSON.stringify(definition).replaceAll('<AWS::Partition>', 'aws')));
  return isValid ? '' : errorsText('\n');
}
