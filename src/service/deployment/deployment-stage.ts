/**
 * Where in a deployment a hook stands. In order; the old version keeps all live requests until `PRODUCTION_TRAFFIC_SHIFT`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export enum DeploymentStage {
  /** Only where a deployment begins while another one is under way. */
  RECONCILE_SERVICE = 'RECONCILE_SERVICE',
  /** Before the tasks of the new version start. */
  PRE_SCALE_UP = 'PRE_SCALE_UP',
  /** The tasks of the new version run and are healthy. */
  POST_SCALE_UP = 'POST_SCALE_UP',
  /** Test requests move over to the new version. */
  TEST_TRAFFIC_SHIFT = 'TEST_TRAFFIC_SHIFT',
  /** All test requests go to the new version. */
  POST_TEST_TRAFFIC_SHIFT = 'POST_TEST_TRAFFIC_SHIFT',
  /** Before live requests move: with canary and linear, before each step. */
  PRE_PRODUCTION_TRAFFIC_SHIFT = 'PRE_PRODUCTION_TRAFFIC_SHIFT',
  /** Live requests move over to the new version: with canary and linear, in each step. */
  PRODUCTION_TRAFFIC_SHIFT = 'PRODUCTION_TRAFFIC_SHIFT',
  /** All live requests go to the new version, and the old one still runs. */
  POST_PRODUCTION_TRAFFIC_SHIFT = 'POST_PRODUCTION_TRAFFIC_SHIFT',
}
