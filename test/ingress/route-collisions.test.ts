import { add } from './routes';
import { RouteTable } from '../../src/ingress/route-table';

/** Draws of applications of ten services each. The seeds are fixed, so the shares are always the same. */
const DRAWS = 300;
const SERVICES = 10;

/* eslint-disable no-bitwise -- that is how such a generator works */
/** A small generator of pseudo-random numbers below 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
/* eslint-enable no-bitwise */

/** Ten different names of 3 to 12 letters: `services` of different length, as people name them, or all of one length. */
function names(random: () => number, length?: number): string[] {
  const found = new Set<string>();
  while (found.size < SERVICES) {
    const letters = length ?? 3 + Math.floor(random() * 10);
    found.add(Array.from({ length: letters }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join(''));
  }
  return [...found];
}

type Style = (name: string) => { hosts: string[]; paths: string[] }[];

/** The share of applications in which a route is refused, in percent. */
function share(style: Style, length?: number): number {
  let refused = 0;
  for (let seed = 1; seed <= DRAWS; seed++) {
    const table = new RouteTable();
    const answers = names(generator(seed), length).flatMap((name) => style(name).map((route) => add(table, { ...route, owner: `Stack/${name}` })));
    if (answers.some((answer) => 'problem' in answer)) refused++;
  }
  return refused / DRAWS * 100;
}

const STYLES: [string, number, Style][] = [
  ['/name/*', 2, (name) => [{ hosts: [], paths: [`/${name}/*`] }]],
  ['own exact host', 2, (name) => [{ hosts: [`${name}.example.com`], paths: [] }]],
  ["own exact host with '/*'", 15, (name) => [{ hosts: [`${name}.example.com`], paths: ['/*'] }]],
  ["'/name' and '/name/*' in one route", 15, (name) => [{ hosts: [], paths: [`/${name}`, `/${name}/*`] }]],
  ["'/name' and '/name/*' in two routes", 15, (name) => [{ hosts: [], paths: [`/${name}`] }, { hosts: [], paths: [`/${name}/*`] }]],
  ['/name*', 15, (name) => [{ hosts: [], paths: [`/${name}*`] }]],
  ['/api/name/*', 15, (name) => [{ hosts: [], paths: [`/api/${name}/*`] }]],
  ['/name/* behind one exact host', 15, (name) => [{ hosts: ['api.example.com'], paths: [`/${name}/*`] }]],
  ['*.name.example.com', 15, (name) => [{ hosts: [`*.${name}.example.com`], paths: [] }]],
];

describe(`share of ${DRAWS} drawn applications of ten services in which a route is refused`, () => {
  const measured: string[] = [];
  afterAll(() => process.stdout.write([
    '| Style of the routes | names of 3 to 12 letters | names of 6 letters |', '|---|---|---|', ...measured, '',
  ].join('\n')));

  test.each(STYLES)('%s: at most %s %%', (name, most, style) => {
    const [mixed, equal] = [share(style), share(style, 6)];
    measured.push(`| ${name.includes("'") ? name.replace(/'/g, '`') : name.startsWith('own') ? name : name.replace(/^\S+/, '`$&`')} | ${mixed.toFixed(1)} % | ${equal.toFixed(1)} % |`);
    expect(mixed).toBeLessThanOrEqual(most);
    expect(equal).toBeLessThanOrEqual(most);
  });
});
