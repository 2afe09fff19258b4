// Loaded into every Node container with --require: a connection to a name that the local model stands for
// goes to the loopback port that does. All of http, https, fetch and net end in net.Socket.prototype.connect.
'use strict';

const fs = require('node:fs');
const net = require('node:net');

const declared = JSON.parse(process.env.LOCAL_AWS_NAMES || '{}');
const IN_DNS = /\.[a-z][a-z0-9-]*$/i; // with a dot, and no address

/** Load balancers and services may be made after this process has started, so their names are read when one is asked for. */
function namesInDns() {
  try {
    return JSON.parse(fs.readFileSync(process.env.LOCAL_AWS_NAMES_FILE, 'utf8'));
  } catch {
    return {};
  }
}

function standIn(host, port) {
  const name = `${host}:${port}`;
  const found = declared[name] || (IN_DNS.test(host) ? namesInDns()[name.toLowerCase()] : undefined);
  if (found === undefined) return undefined;
  const [address, local] = found.split(':');
  return { host: address, port: Number(local) };
}

function redirected(options) {
  if (!options || typeof options !== 'object' || options.path) return options;
  const found = standIn(options.host || 'localhost', options.port);
  return found ? { ...options, ...found } : options;
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectByName(...args) {
  const [first, second] = args;
  if (Array.isArray(first)) first[0] = redirected(first[0]);
  else if (typeof first === 'object') args[0] = redirected(first);
  else if (!Number.isNaN(Number(first))) {
    const found = standIn(typeof second === 'string' ? second : 'localhost', first);
    if (found) args.splice(0, typeof second === 'string' ? 2 : 1, found);
  }
  return connect.apply(this, args);
};
