import * as fs from 'fs';
import * as path from 'path';
import { App } from 'aws-cdk-lib/core';
import { evaluationOrder } from './evaluation-order';
import { RoutesStack } from '../../examples/routes/typescript/routes-stack';
import { ENV } from '../util/fixtures';

const FILE = path.join(__dirname, '../../docs/ingress.md');
const BEGIN = '<!-- made from examples/routes: UPDATE_DOCS=1 npx jest test/docs --coverage=false -->\n';
const END = '\n<!-- end -->';

describe('docs/ingress.md', () => {
  test('shows the rules of examples/routes in the order in which they are asked', () => {
    const stack = new RoutesStack(new App({ analyticsReporting: false }), 'Routes', { env: ENV });
    const table = evaluationOrder(stack, 'PlatformPublicIngressLoadBalancerHttpsListener');
    expect(table.split('\n').length).toBeGreaterThan(10);
    const page = fs.readFileSync(FILE, 'utf8');
    const [before, rest] = page.split(BEGIN);
    const [shown, after] = rest.split(END);
    if (process.env.UPDATE_DOCS === '1') fs.writeFileSync(FILE, [before, BEGIN, table, END, after].join(''));
    else expect(shown).toBe(table);
  });
});
