import { setImmediate as soon } from 'node:timers/promises';
import { createTurns } from '../../../nodes/PartnerCenterInsights/insights/turns';

describe('work on the same thing', () => {
	it('follows each other in the order in which it was asked for, beside work on another', async () => {
		const inTurn = createTurns(async () => await soon());
		const log: string[] = [];
		const work = (thing: string, name: string, error?: Error) => async () => {
			log.push(`${name} begins`);
			await soon();
			log.push(`${name} ends`);
			if (error) throw error;
			return `${thing} by ${name}`;
		};
		const results = await Promise.allSettled([
			inTurn('report', work('report', 'first')),
			inTurn('report', work('report', 'second', new Error('refused'))),
			inTurn('other', work('other', 'beside')),
			inTurn('report', work('report', 'third')),
		]);
		expect(
			results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
		).toEqual(['report by first', 'failed', 'other by beside', 'report by third']);
		expect(log.filter((line) => !line.startsWith('beside'))).toEqual([
			'first begins',
			'first ends',
			'second begins',
			'second ends',
			'third begins',
			'third ends',
		]);
		expect(log.indexOf('beside begins')).toBeLessThan(log.indexOf('first ends'));
	});

	it('is not begun once nothing more is to be waited for', async () => {
		const ended = new Error('ended');
		const inTurn = createTurns(async () => await Promise.reject(ended));
		const begun: string[] = [];
		const work = (name: string) => async () => {
			begun.push(name);
			await soon();
		};
		const results = await Promise.allSettled(
			['first', 'second', 'third'].map(async (name) => await inTurn('report', work(name))),
		);
		expect(begun).toEqual(['first']);
		expect(results.slice(1)).toEqual(Array(2).fill({ status: 'rejected', reason: ended }));
	});
});
