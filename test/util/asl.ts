/* eslint-disable-next-line @typescript-eslint/no-require-imports */
const validate: (definition: object) => { isValid: boolean; errorsText(separator?: string): string } = require('asl-validator');

/** What a reference stands for, where it is all of a value: the ARN of something that a Task may call. */
const ARN = '"arn:aws:lambda:us-east-1:123456789012:function:any"';

/** What an independent validator (asl-validator) finds wrong with a state machine's definition; empty if nothing. */
export function problemsOf(definition: object): string {
  const { isValid, errorsText } = validate(JSON.parse(JSON.stringify(definition).replaceAll('<AWS::Partition>', 'aws').replace(/"<[^"<>]+>"/g, ARN)));
  return isValid ? '' : errorsText('\n');
}

/** The definitions of all state machines in a template, by logical id, with `<LogicalId>` or `<LogicalId.Attribute>` in the place of references. */
export function machinesIn(template: any): Record<string, object> {
  return Object.fromEntries(Object.entries<any>(template.Resources ?? {})
    .filter(([, resource]) => resource.Type === 'AWS::StepFunctions::StateMachine')
    .map(([id, { Properties: { DefinitionString: text } }]) => [id, JSON.parse(typeof text === 'string' ? text : joined(text['Fn::Join'][1]))]));
}

function joined(parts: any[]): string {
  return parts.reduce((text, part) => {
    if (typeof part === 'string') return text + part;
    // a reference without quotes is a number.
    return text + (/(?<!\\)":$/.test(text) ? '7' : `<${nameOf(part)}>`);
  }, '');
}

/** Of a reference; of any other function, just the function. */
function nameOf(part: any): string {
  return part.Ref ?? part['Fn::GetAtt']?.join('.') ?? Object.keys(part)[0];
}

/** Fails where the validator finds something wrong with a state machine of a template; says how many there are. */
export function checkMachinesIn(template: object): number {
  const machines = Object.entries(machinesIn(template));
  const problems = machines.map(([id, definition]) => [id, problemsOf(definition)]).filter(([, found]) => found !== '');
  if (problems.length > 0) throw new Error(`asl-validator finds fault with ${problems.map(([id, found]) => `${id}: ${found}`).join('\n')}`);
  return machines.length;
}
