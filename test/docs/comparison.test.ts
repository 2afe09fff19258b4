import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..');
const ROWS = fs.readFileSync(path.join(ROOT, 'docs', 'comparison.md'), 'utf8').split('\n')
  .filter((line) => /^\| [^|]/.test(line))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
  .filter(([subject]) => subject !== '');
const scripts = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).scripts;

describe('docs/comparison.md', () => {
  test('has a row for each subject, with a verdict for everybody', () => {
    expect(ROWS.length).toBeGreaterThan(30);
    for (const [subject, ...cells] of ROWS) {
      expect([subject, cells.length]).toEqual([subject, 7]);
      for (const verdict of cells.slice(0, 6)) expect([subject, ['**yes**', '*part*', 'no', '–']]).toEqual([subject, expect.arrayContaining([verdict])]);
    }
  });

  test('names for each yes of ours a test or a command that is there', () => {
    for (const [subject, ...cells] of ROWS) {
      const [ours, shown] = cells.slice(5);
      if (ours !== '**yes**') continue;
      const command = /^`npm run (\w+)`$/.exec(shown)?.[1];
      expect([subject, command === undefined ? fs.existsSync(path.join(ROOT, shown)) && shown !== '' : command in scripts]).toEqual([subject, true]);
    }
  });

  test('does not claim what it has no test for', () => {
    for (const [subject, ...cells] of ROWS) {
      if (cells[5] === 'no') expect([subject, cells[6]]).toEqual([subject, expect.stringMatching(/^(\[.*\]\(decisions\/.*\))?$/)]);
    }
  });
});
