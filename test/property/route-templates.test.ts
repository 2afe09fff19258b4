import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { EcsMicroservice, ServiceRoute, ServiceRouteOptions } from '../../src';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

interface DrawnService {
  readonly id: string;
  readonly routes: ServiceRouteOptions[];
  readonly isInternal: boolean;
}
type Resources = Record<string, unknown>;

const segment = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const path = fc.tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '*', '/*')).map(([parts, end]) => `/${parts.join('/')}${end}`);
const route: fc.Arbitrary<ServiceRouteOptions> = fc.record({
  paths: fc.array(path, { minLength: 1, maxLength: 7 }), // more than five are split into rules
  hosts: fc.option(fc.array(fc.constantFrom('a.example.com', 'b.example.com', '*.example.com'), { minLength: 1, maxLength: 2 }), { nil: undefined }),
  methods: fc.option(fc.constantFrom(['GET', 'HEAD'], ['POST']), { nil: undefined }),
});
const services: fc.Arbitrary<DrawnService[]> = fc.uniqueArray(fc.record({
  id: fc.constantFrom('Orders', 'Users', 'Billing', 'Search', 'Mail', 'Web'),
  routes: fc.array(route, { minLength: 1, maxLength: 2 }),
  isInternal: fc.boolean(),
}), { selector: ({ id }) => id, minLength: 2, maxLength: 4 });

/** The resources of the application, or undefined if it is refused. */
function synthesise(drawn: DrawnService[]): Resources | undefined {
  const stack = createStack();
  const cluster = createCluster(stack);
  try {
    for (const { id, routes, isInternal } of drawn) {
      new EcsMicroservice(stack, id, {
        cluster, image: IMAGE, routes: routes.map((options) => isInternal ? ServiceRoute.insideVpc(options) : ServiceRoute.internetFacing(options)),
      });
    }
  } catch (error) {
    if (!/'routes'|routes|priority/.test((error as Error).message)) throw error; // only a matter of the routes may refuse it
    return undefined;
  }
  return sorted(Template.fromStack(stack).toJSON().Resources) as Resources;
}

/** Resources by name, and lists of dependencies by name: what CloudFormation reads in no order. */
function sorted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return key === 'DependsOn' ? [...value].sort() : value.map((item) => sorted(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted((value as Resources)[name], name)]));
}

describe('the template of services behind shared load balancers', () => {
  test('is the same in any order of declaration', () => {
    let accepted = 0;
    const shuffled = services.chain((drawn) => fc.tuple(fc.constant(drawn), fc.shuffledSubarray(drawn, { minLength: drawn.length })));
    fc.assert(fc.property(shuffled, ([one, other]) => {
      const template = synthesise(one);
      expect(synthesise(other)).toEqual(template);
      if (template !== undefined) accepted++;
    }), { numRuns: 30 });
    expect(accepted).toBeGreaterThan(10);
  });

  test('keeps every resource of a service as it is when another service comes or goes', () => {
    let compared = 0;
    fc.assert(fc.property(services, ([added, ...others]) => {
      const [before, after] = [synthesise(others), synthesise([added, ...others])];
      fc.pre(before !== undefined && after !== undefined);
      for (const [id, resource] of Object.entries(before!)) {
        if (!others.some((service) => id.startsWith(service.id))) continue;
        expect(after![id]).toEqual(resource);
        compared++;
      }
    }), { numRuns: 20 });
    expect(compared).toBeGreaterThan(100);
  });
});
