import * as fs from 'fs';
import * as path from 'path';
import { WarningId } from '../../src/private/warnings';

const RULES = fs.readFileSync(path.join(__dirname, '../../docs/rules.md'), 'utf8');

describe('docs/rules.md', () => {
  test('lists each warning by its id', () => {
    const listed = [...RULES.matchAll(/`(cdk-ecs-workloads:[A-Za-z]+)`/g)].map((match) => match[1]);
    expect([...new Set(listed)].sort()).toEqual([...Object.values(WarningId)].sort());
  });

  test('names for each rule a test file that speaks of the prop or factory', () => {
    const rules = [...RULES.matchAll(/^\| (`[^|]+) \|.*\| (test\/[^ |]+) \|$/gm)].map(([, where, file]) => ({
      where, names: [...where.matchAll(/`([^`]+)`/g)].map(([, name]) => name.split(/[.:]/).pop()!), file,
    }));
    expect(rules.length).toBeGreaterThan(40);
    const untested = rules.filter(({ names, file }) => {
      const test = fs.readFileSync(path.join(__dirname, '../..', file), 'utf8');
      const warnings = Object.values(WarningId).map((id) => id.split(':')[1]);
      return names.some((name) => !warnings.includes(name) && !test.includes(name));
    });
    expect(untested.map(({ where, file }) => `${where} in ${file}`)).toEqual([]);
  });
});
