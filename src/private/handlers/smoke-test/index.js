'use strict';

const http = require('node:http');
const https = require('node:https');

/** One answer may take so long. */
const ANSWER_MILLISECONDS = 10000;
const PAUSE_MILLISECONDS = 2000;

/**
 * A hook of an ECS deployment: asks the new version until it answers with the wanted status, or the time is over.
 *
 * The settings come from the environment: the function serves one service. Whatever goes wrong is a failed test, with its reason in the log.
 */
exports.handler = async (event) => {
  const settings = JSON.parse(process.env.SMOKE_TEST);
  const end = Date.now() + settings.seconds * 1000;
  const about = { stage: event?.lifecycleStage, revision: event?.executionDetails?.targetServiceRevisionArn ?? event?.targetServiceRevisionArn };
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await ask(settings, Math.max(1, Math.min(ANSWER_MILLISECONDS, end - Date.now())));
    if (outcome.status === settings.status) {
      console.log(JSON.stringify({ result: 'passed', url: settings.url, status: outcome.status, attempts: attempt, ...about }));
      return { hookStatus: 'SUCCEEDED' };
    }
    if (Date.now() + PAUSE_MILLISECONDS >= end) {
      const reason = `the smoke test wants status ${settings.status} of ${settings.url} and got ${outcome.problem ?? `status ${outcome.status}`}, `
        + `${attempt === 1 ? 'once' : `${attempt} times`} in ${settings.seconds} seconds`;
      console.error(JSON.stringify({ result: 'failed', reason, ...about }));
      return { hookStatus: 'FAILED', hookDetails: { reason } };
    }
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MILLISECONDS); });
  }
};

/** The status of one answer, or what was in the way. Each request has a connection of its own: a kept one could lead to the old version. */
function ask({ url, host, headers }, timeout) {
  return new Promise((resolve) => {
    const address = new URL(url);
    const client = address.protocol === 'https:' ? https : http;
    const name = host ?? address.hostname;
    const options = { headers: { ...headers, host: name }, agent: false, ...(address.protocol === 'https:' ? { servername: name } : {}) };
    const request = client.get(address, options, (response) => {
      response.resume();
      finish({ status: response.statusCode });
    });
    const timer = setTimeout(() => finish({ problem: `no answer in ${Math.round(timeout / 100) / 10} seconds` }), timeout);
    request.on('error', (problem) => finish({ problem: `no connection (${problem.code ?? problem.message})` }));

    function finish(outcome) {
      clearTimeout(timer);
      resolve(outcome);
      request.destroy();
    }
  });
}
