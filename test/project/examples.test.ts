import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';

const folder = join(__dirname, '../../examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

const overlap = (a: Box, b: Box): boolean =>
	a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Pixels that a letter and a line of a note take, and a heading: as n8n 2.41 draws them. */
const LETTER = 6.8;
const LINE = 18;
const HEADING = 36;
/** Between the edge of a note and its words. */
const EDGE = 12;

const NODE = 96;

/** Where the words of a note stand: at its top, over its whole width. */
function wordsOf({ position: [left, top], parameters }: INode): Box {
	const width = Number(parameters.width ?? 240);
	const lines = String(parameters.content)
		.split('\n')
		.reduce(
			(height, line) =>
				height +
				(line.startsWith('#')
					? HEADING
					: LINE * Math.max(1, Math.ceil((line.length * LETTER) / (width - 2 * EDGE)))),
			0,
		);
	return { left, top, right: left + width, bottom: top + EDGE + lines };
}

describe.each(examples)('%s', (file) => {
	const { nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { nodes: INode[] };
	const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');

	it('has notes whose words no node covers', () => {
		const covered = notes.flatMap((note) =>
			nodes
				.filter((node) => !notes.includes(node))
				.filter(({ position: [left, top] }) =>
					overlap(wordsOf(note), { left, top, right: left + NODE, bottom: top + NODE }),
				)
				.map(({ name }) => `${name} covers ${note.name}`),
		);
		expect(notes.length).toBeGreaterThan(0);
		expect(covered).toEqual([]);
	});
});
