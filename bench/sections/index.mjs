import { FIRST_DEPLOYMENT } from './first-deployment.mjs';
import { GROWTH } from './growth.mjs';
import { IDLE_COST } from './idle-cost.mjs';
import { IMPORT } from './import.mjs';
import { LOCAL_AWS } from './local-aws.mjs';
import { PACKAGE } from './package.mjs';
import { PIPELINES } from './pipelines.mjs';
import { PROFILE } from './profile.mjs';
import { ROLL_OUT } from './roll-out.mjs';
import { SCALE } from './scale.mjs';
import { SYNTHESIS } from './synthesis.mjs';

/** In the order of the page. @type {import('../lib/section.mjs').Section[]} */
export const SECTIONS = [SYNTHESIS, PIPELINES, GROWTH, PROFILE, IMPORT, ROLL_OUT, FIRST_DEPLOYMENT, IDLE_COST, SCALE, PACKAGE, LOCAL_AWS];
