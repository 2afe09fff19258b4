import * as fs from 'fs';
import * as path from 'path';
import { type ISynthesisSession, Stack } from 'aws-cdk-lib/core';
import { checkMachinesIn } from './asl';

/*
 * Loaded before each file of tests: whatever stack a test synthesises, an independent validator looks at its state machines.
 */

interface Synthesising {
  readonly templateFile: string;
  _synthesizeTemplate(session: ISynthesisSession, ...rest: unknown[]): void;
}

const stacks = Stack.prototype as unknown as Synthesising;
const synthesise = stacks._synthesizeTemplate;

stacks._synthesizeTemplate = function (this: Synthesising, session: ISynthesisSession, ...rest: unknown[]): void {
  synthesise.call(this, session, ...rest);
  const text = fs.readFileSync(path.join(session.assembly.outdir, this.templateFile), 'utf8');
  if (text.includes('AWS::StepFunctions::StateMachine')) checkMachinesIn(JSON.parse(text));
};
