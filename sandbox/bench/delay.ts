/** The same work over a network with delay: where the time goes. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { runOf } from '../n8n/execution';
import { downloadContenders } from './file';
import { reportWithFile } from './reports';
import { ours, theirs } from './resumes';
import { type Setting, withN8n } from './setting';
import { markdownTable, mebibytes, ratio, seconds } from './table';
import { MEASURED } from './workflows';

/** From n8n to the service and back, in ms. */
const ROUND_TRIP = 30;
/** Bytes that may be on their way at once, as with windows of TCP that are large enough. */
const ON_THE_WAY = 8 * 1024 ** 2;

/** Hands on what comes in after half of a round trip, in order. */
function forward(from: Socket, to: Socket): void {
	let pending = 0;
	from.on('data', (piece) => {
		pending += piece.length;
		if (pending > ON_THE_WAY) from.pause();
		setTimeout(() => {
			to.write(piece);
			pending -= piece.length;
			if (pending <= ON_THE_WAY) from.resume();
		}, ROUND_TRIP / 2);
	});
	from.on('end', () => setTimeout(() => to.end(), ROUND_TRIP / 2));
	from.on('error', () => to.destroy());
	// What has ended in order is on its way still.
	from.on('close', () => {
		if (!from.readableEnded) to.destroy();
	});
}

interface DelayingProxy {
	url: string;
	/** How many connections were made through it so far. */
	connections: () => number;
	stop: () => void;
}

/** A proxy for HTTPS on this machine. That it answers late stands for the handshake of TCP. */
async function startDelayingProxy(): Promise<DelayingProxy> {
	let connections = 0;
	const server = createServer((_request, response) => response.writeHead(501).end());
	server.on('connect', (request, client: Socket) => {
		connections++;
		const [host = '', port = ''] = (request.url ?? '').split(':');
		const target = connect(Number(port), host.replace('localhost', '127.0.0.1'));
		client.on('error', () => target.destroy());
		target.once('connect', () => {
			setTimeout(() => {
				client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
				forward(client, target);
				forward(target, client);
			}, ROUND_TRIP);
		});
		target.on('error', () => client.destroy());
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		connections: () => connections,
		stop: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** @returns the section of the report */
export async function delay(
	setting: Setting,
	{ count, size }: { count: number; size: number },
): Promise<string> {
	setting.report(`${ROUND_TRIP} ms of delay`);
	const { sandbox } = setting;
	const proxy = await startDelayingProxy();
	const lines: string[][] = [];
	await sandbox.setOptions({ latencyMs: ROUND_TRIP, rateLimit: null });
	await withN8n(setting, async (n8n) => {
		for (const number of [1, count]) {
			const ids = await sandbox.seedReports('mpn', number);
			await sandbox.clearJournal();
			const id = await n8n.rest.createWorkflow(ours(4).workflow(ids, n8n));
			const { data } = await n8n.rest.runWorkflow(id);
			const time = runOf(data, MEASURED).executionTime;
			const requests = await sandbox.journal({ host: 'api', method: 'PUT' });
			// The first one brings its token before the clock runs.
			if (number === 1) continue;
			lines.push([
				`${count} resumes, the service waits, no delay: ${ours(4).name}`,
				seconds(time),
				ratio(time, Math.ceil(count / 4) * ROUND_TRIP),
				String(new Set(requests.map(({ connection }) => connection)).size),
			]);
			setting.report(`  ${lines.at(-1)?.join(', ')}`);
		}
	});
	const throughProxy = {
		HTTPS_PROXY: proxy.url,
		https_proxy: proxy.url,
		NO_PROXY: '',
		no_proxy: '',
	};
	try {
		await sandbox.setOptions({ latencyMs: 0, rateLimit: null, contentEncodingHeader: true });
		await withN8n(
			setting,
			async (n8n) => {
				const run = async (
					name: string,
					workflow: Parameters<typeof n8n.rest.createWorkflow>[0],
					least?: number,
				) => {
					const id = await n8n.rest.createWorkflow(workflow);
					const before = proxy.connections();
					const { data } = await n8n.rest.runWorkflow(id, undefined, 900_000);
					const { executionTime: time, error } = runOf(data, MEASURED);
					const connections = proxy.connections() - before;
					setting.report(`  ${name}: ${seconds(time)}, ${connections} connections`);
					lines.push([
						name,
						error === undefined ? seconds(time) : `fails: ${error.message}`,
						least === undefined ? '' : ratio(time, least),
						String(connections),
					]);
				};
				const { apiUrl } = sandbox;
				const batch = { size: 4, interval: ROUND_TRIP };
				const request = theirs('batches of 4', apiUrl, 4, batch);
				// Each brings its token before the clock runs.
				for (const contender of [ours(4), request]) {
					const workflow = contender.workflow(await sandbox.seedReports('mpn', 1), n8n);
					await n8n.rest.runWorkflow(await n8n.rest.createWorkflow(workflow));
				}
				for (const contender of [ours(4), ours(10), request]) {
					const ids = await sandbox.seedReports('mpn', count);
					await run(
						`${count} resumes: ${contender.name}`,
						contender.workflow(ids, n8n),
						Math.ceil(count / contender.lanes) * ROUND_TRIP,
					);
				}
				const report = await reportWithFile(setting, { sizeBytes: size });
				for (const contender of downloadContenders) {
					await run(`${mebibytes(size)} file: ${contender.name}`, contender.workflow(report, n8n));
				}
			},
			throughProxy,
		);
	} finally {
		proxy.stop();
	}
	return `## With ${ROUND_TRIP} ms between n8n and the service

By a proxy on the same machine that hands everything on ${ROUND_TRIP / 2} ms later in each direction. The least
possible time is that of one round trip for each request, as many at once as the node is set to. Each
connection costs two to three round trips more, before its first request.

${markdownTable(['Work', 'Wall time', 'To the least possible', 'Connections'], lines)}
`;
}
