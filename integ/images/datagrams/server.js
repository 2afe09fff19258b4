// Sends each datagram back with its own name before it. Health checks find it by TCP, on the port of the same number.
const dgram = require('node:dgram');
const net = require('node:net');

const port = Number(process.env.PORT);
const datagrams = dgram.createSocket('udp4');
datagrams.on('message', (message, sender) => datagrams.send(`${process.env.SAYS} heard ${message}`, sender.port, sender.address));
datagrams.bind(port);

const health = net.createServer((connection) => connection.end());
health.listen(port);

process.on('SIGTERM', () => {
  datagrams.close();
  health.close(() => process.exit(0));
});
