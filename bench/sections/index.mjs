import { GROWTH } from './growth.mjs';
import { IMPORT } from './import.mjs';
import { PACKAGE } from './package.mjs';
import { PIPELINES } from './pipelines.mjs';
import { SYNTHESIS } from './synthesis.mjs';

/** In the order of the page. @type {import('../lib/section.mjs').Section[]} */
export const SECTIONS = [SYNTHESIS, PIPELINES, GROWTH, IMPORT, PACKAGE];
