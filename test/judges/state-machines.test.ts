import * as fs from 'fs';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { App } from 'aws-cdk-lib/core';
import { checkMachinesIn } from '../util/asl';
import { createStack } from '../util/fixtures';

const ROOT = path.join(__dirname, '../..');
const mockApps: App[] = [];

/** Apps of the examples are made when their file is loaded. */
jest.mock('aws-cdk-lib/core', () => {
  const actual = jest.requireActual('aws-cdk-lib/core');
  return new Proxy(actual, {
    get: (target, name) => (name !== 'App' ? target[name] : class extends target.App {
      constructor(props?: object) {
        super(props);
        mockApps.push(this as unknown as App);
      }
    }),
  });
});

function filesIn(folder: string, pattern: RegExp): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => pattern.test(file) && !/node_modules|cdk\.out|\.cache/.test(file))
    .map((file) => path.join(ROOT, folder, file))
    .sort();
}

/** Synthesises the apps that were made, and counts the state machines in them that the validator finds in order. */
function checkedIn(apps: App[]): number {
  return apps.flatMap((app) => app.synth().stacksRecursively).reduce((sum, stack) => sum + checkMachinesIn(stack.template), 0);
}

describe('an independent validator finds the state machines in order', () => {
  test('of all examples', () => {
    filesIn('examples', /typescript.*app\.ts$/).forEach((file) => jest.requireActual(file));
    expect(checkedIn(mockApps)).toBeGreaterThanOrEqual(1);
  });

  test.each(filesIn('integ/scenarios', /pipeline.*\.scenario\.ts$/).map((file) => [path.basename(file), file]))('of %s', (_, file) => {
    mockApps.length = 0;
    const { App: RecordedApp } = jest.requireMock('aws-cdk-lib/core');
    jest.requireActual(file).scenario.declare(new RecordedApp({ analyticsReporting: false }), 'last');
    expect(checkedIn(mockApps)).toBeGreaterThanOrEqual(1);
  });

  test('of the integration tests, as their snapshots have them', () => {
    const templates = filesIn('integ', /\.snapshot\/[^/]+\.template\.json$/).map((file) => JSON.parse(fs.readFileSync(file, 'utf8')));
    expect(templates.reduce((sum, template) => sum + checkMachinesIn(template), 0)).toBeGreaterThanOrEqual(1);
  });

  test('and a stack of any test fails with a wrong one', () => {
    const stack = createStack();
    new sfn.StateMachine(stack, 'Wrong', { definitionBody: sfn.DefinitionBody.fromString(JSON.stringify({ StartAt: 'None', States: {} })) });
    expect(() => Template.fromStack(stack)).toThrow(/^asl-validator finds fault with Wrong/);
  });
});
