// Runs one Lambda invocation: node node_runner.cjs HANDLER EVENT_FILE RESULT_FILE.
// The current folder is that of the function's code.
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const module_ = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const [handlerName, eventFile, resultFile] = process.argv.slice(2);
const endpoint = new URL(process.env.AWS_ENDPOINT_URL);
const OWN_HOSTS = ['localhost', '127.0.0.1'];
const deadline = Date.now() + 1000 * Number(process.env.LOCAL_AWS_TIMEOUT_SECONDS);

// CloudFormation's response URLs are https, and handlers drop their port: such a request is sent to the local endpoint.
function redirectResponses() {
  const original = https.request;
  https.request = function (first, ...rest) {
    const url = typeof first === 'string' ? new URL(first) : first;
    const host = (url.hostname || url.host || '').split(':')[0];
    if (!OWN_HOSTS.includes(host)) {
      return original.call(https, first, ...rest);
    }
    const asked = url instanceof URL ? { path: url.pathname + url.search } : url;
    const given = rest[0] && typeof rest[0] === 'object' ? rest.shift() : {};
    const there = { protocol: 'http:', host: undefined, hostname: endpoint.hostname, port: endpoint.port, agent: undefined };
    return http.request({ ...asked, ...given, ...there }, ...rest);
  };
  module_.syncBuiltinESMExports();
}

// FILE.EXPORT, where the file may be in a folder and the export may be nested.
async function loadHandler() {
  const folder = path.dirname(handlerName);
  const [file, ...names] = path.basename(handlerName).split('.');
  const base = path.resolve(process.env.LAMBDA_TASK_ROOT, folder, file);
  const found = ['.js', '.mjs', '.cjs'].map((end) => base + end).find((name) => fs.existsSync(name));
  if (!found) {
    throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  }
  const loaded = await import(pathToFileURL(found).href);
  const pick = (from) => names.reduce((value, name) => value?.[name], from);
  const handler = pick(loaded) ?? pick(loaded.default);
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${handlerName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return handler;
}

function invoke(handler, event) {
  return new Promise((resolve, reject) => {
    const callback = (error, value) => (error ? reject(error) : resolve(value));
    const returned = handler(event, contextOf(callback), callback);
    if (typeof returned?.then === 'function') {
      returned.then(resolve, reject);
    } else if (handler.length < 3 && returned !== undefined) {
      resolve(returned);
    }
    // A handler with a callback that never calls it ends when nothing is left to do, with null.
    process.once('beforeExit', () => resolve(null));
  });
}

function contextOf(callback) {
  return {
    awsRequestId: process.env.LOCAL_AWS_REQUEST_ID,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: process.env.LOCAL_AWS_FUNCTION_ARN,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: callback,
    fail: (error) => callback(error ?? new Error('failed')),
    succeed: (value) => callback(null, value),
  };
}

function finish(result) {
  fs.writeFileSync(resultFile, JSON.stringify(result));
  process.exit(0);
}

function fail(error) {
  console.error(error);
  const isError = error instanceof Error;
  finish({
    ok: false,
    value: {
      errorType: isError ? error.name : typeof error,
      errorMessage: isError ? error.message : String(error),
      trace: isError ? String(error.stack).split('\n') : [],
    },
  });
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
redirectResponses();
loadHandler()
  .then((handler) => invoke(handler, JSON.parse(fs.readFileSync(eventFile, 'utf8'))))
  .then((value) => finish({ ok: true, value: value ?? null }), fail);
