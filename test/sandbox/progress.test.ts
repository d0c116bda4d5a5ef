import { step } from '../../sandbox/n8n/progress';

const INSTALLING = { what: 'Fetching n8n', usual: '2 to 10 minutes' };

describe('a long step', () => {
	it('says what is done, how long that usually takes, and that it is still at it', async () => {
		const lines: string[] = [];
		// It ends when it has been reported on twice, however long that takes.
		let end: (result: string) => void = () => undefined;
		const result = step(
			(line) => {
				lines.push(line);
				if (lines.length === 3) end('done');
			},
			INSTALLING,
			async () => await new Promise<string>((resolve) => (end = resolve)),
			1,
		);
		expect(await result).toBe('done');
		expect(lines[0]).toBe('Fetching n8n (2 to 10 minutes) …');
		expect(lines[1]).toMatch(/^ {2}… \d+ s so far$/);
	});

	it('says no more once it has ended, also when it fails', async () => {
		const lines: string[] = [];
		const failing = step(
			(line) => lines.push(line),
			INSTALLING,
			async () => {
				throw new Error('npm ended with code 1');
			},
		);
		await expect(failing).rejects.toThrow('npm ended with code 1');
		expect(lines).toEqual(['Fetching n8n (2 to 10 minutes) …']);
	});
});
