import * as fs from 'fs';
import * as path from 'path';

/** How CloudFormation updates resources of a type, as far as it is more than a change in place. */
export interface UpdateBehaviour {
  /** Properties that are set when the resource is made, and never again. */
  readonly replace?: string[];
  /** Properties that are, under a condition. */
  readonly mayReplace?: string[];
  /** Properties that name it: two resources cannot have one name. */
  readonly name?: string[];
  /** Whether it holds data. */
  readonly data?: boolean;
}

let table: Record<string, UpdateBehaviour> | undefined;

/**
 * The behaviour of a type; undefined if it is not in the table, which has what the constructs create and what is often beside it.
 *
 * The table is written by scripts/upgrade-table.mjs from the data package of AWS CDK, and is read when it is first asked for.
 */
export function behaviourOf(type: string): UpdateBehaviour | undefined {
  table ??= JSON.parse(fs.readFileSync(path.join(__dirname, 'update-behaviours.json'), 'utf8')).types as Record<string, UpdateBehaviour>;
  return Object.prototype.hasOwnProperty.call(table, type) ? table[type] : undefined;
}
