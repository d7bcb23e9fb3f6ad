// Stands in for Palworld's server, which cannot be had here: reads its PalWorldSettings.ini in the folder that it is started
// in, answers its HTTP interface by its documents, prints what it prints, and loses its world at any signal.
//   node palworldServer.mjs FOLDER      (which it is started in)
// What the game would do by itself is done by POST /control: {"players": [names], "mode": "well" | "silent" | "closed"}.
// The world is in world.json: {"saves": n}. What it was told is in told.txt, a line each.
import fs from 'node:fs';
import http from 'node:http';

const settings = fs.readFileSync('Pal/Saved/Config/LinuxServer/PalWorldSettings.ini', 'utf8');
const option = (name) => new RegExp(`${name}="?([^",)]*)`).exec(settings)?.[1] ?? '';
const port = Number(option('RESTAPIPort'));
const password = option('AdminPassword');

let players = [];
let mode = 'well';
let saves = 0;
const held = new Set();

const say = (text) => console.log(`[${new Date().toISOString().slice(0, 19).replace('T', ' ')}] [LOG] ${text}`);
const told = (text) => fs.appendFileSync('told.txt', `${text}\n`);
const player = (name) => ({
  ...{ name, accountName: name, playerId: `P${name}`, userId: `steam_${name}`, ip: '127.0.0.1', ping: 20.5 },
  ...{ location_x: 1.5, location_y: 2.5, level: 3, building_count: 0 },
});

function save() {
  saves++;
  fs.writeFileSync('world.json', JSON.stringify({ saves }));
}

const asked = {
  'GET /info': () => ({ version: 'v0.7.2', servername: 'Probe', description: '', worldguid: 'A1' }),
  'GET /players': () => ({ players: players.map(player) }),
  'GET /metrics': () => ({
    ...{ serverfps: 58, currentplayernum: players.length, serverframetime: 17.2, maxplayernum: 32 },
    ...{ uptime: Math.floor(process.uptime()), basecampnum: 2, days: 126 },
  }),
  'GET /settings': () => ({ Difficulty: 'None', ServerPlayerMaxNum: 32, RESTAPIEnabled: true }),
  'POST /announce': ({ message }) => told(`announce ${message}`),
  'POST /kick': ({ userid, message }) => {
    told(`kick ${userid} ${message ?? ''}`.trim());
    players = players.filter((name) => `steam_${name}` !== userid);
  },
  'POST /ban': ({ userid }) => told(`ban ${userid}`),
  'POST /unban': ({ userid }) => told(`unban ${userid}`),
  'POST /save': () => {
    told('save');
    save();
  },
  'POST /shutdown': ({ waittime }) => {
    told(`shutdown ${waittime}`);
    setTimeout(() => {
      save();
      process.exit(0);
    }, waittime * 1000);
  },
};

function control(order) {
  players = order.players ?? players;
  mode = order.mode ?? mode;
  if (mode === 'closed') {
    server.close();
    for (const socket of held) socket.destroy();
  }
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? {} : JSON.parse(text);
    if (request.url === '/control') {
      response.end('done');
      control(body);
      return;
    }
    if (mode === 'silent') return;
    const basic = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    if (request.headers.authorization !== basic) {
      response.writeHead(401, { 'content-type': 'text/plain' }).end('Unauthorized');
      return;
    }
    const path = (request.url ?? '').replace('/v1/api', '');
    const answer = asked[`${request.method} ${path}`];
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    const result = answer(body);
    say(`REST accessed endpoint /v1/api${path} OK`);
    if (request.method === 'GET') response.setHeader('content-type', 'application/json');
    response.end(request.method === 'GET' ? JSON.stringify(result) : 'OK');
  });
});
server.on('connection', (socket) => {
  held.add(socket);
  socket.on('close', () => held.delete(socket));
});
// The game runs on, whatever becomes of its interface.
setInterval(() => undefined, 60_000);
server.listen(port, '127.0.0.1', () => {
  console.log('Setting breakpad minidump AppID = 2394010');
  say(`REST API started on port ${port}`);
  console.log('Running Palworld dedicated server on :8211');
});
