/** Preloaded into an application: lets cdk-preflight judge it beside the validator that the newest aws-cdk-lib brings. */
const { App, Stack, Stage, Validations } = require('aws-cdk-lib/core');
const { Preflight } = require('cdk-preflight');

const judged = new WeakSet();
const synth = Stage.prototype.synth;
Stage.prototype.synth = function (...options) {
  if (App.isApp(this) && !judged.has(this)) {
    judged.add(this);
    acknowledge(this);
    Preflight.apply(this);
  }
  return synth.apply(this, options);
};

/** What the judges find in resources that are not the library's. */
function acknowledge(app) {
  for (const stack of app.node.findAll().filter((construct) => Stack.isStack(construct) && construct.node.id === 'DeployAssert')) {
    Validations.of(stack).acknowledge({
      id: 'cdk-preflight::pf-lambda-perm-principal-service-domain',
      reason: 'integ-tests-alpha writes the name of a role as the principal of its waiters',
    });
  }
}
