// Somebody else for a crowd to go at, on the port that is given: it refuses whatever is said, and closes. What that does to those who
// work is not the doing of the server that they work with.
import net from 'node:net';

net.createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4_096 });
