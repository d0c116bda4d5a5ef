import { guidFor } from '../identifiers';
import type { Run } from '../insights/programState';
import type { SandboxSettings } from '../protocol';

/** One layer of compression, by its name in the Content-Encoding header. */
export type EncodingLayer = 'gzip' | 'br' | 'deflate';

/** How a file is encoded: the layers in the order in which they were put on, and whether it says so. */
export interface FileEncoding {
	layers: EncodingLayer[];
	named: boolean;
}

/** What has been met, or is allowed and easily overlooked. */
const variety: FileEncoding[] = [
	{ layers: ['gzip'], named: true },
	{ layers: ['gzip'], named: false },
	{ layers: ['br'], named: true },
	{ layers: ['deflate'], named: true },
	{ layers: ['gzip', 'gzip'], named: true },
];

/** How the file of a run is encoded, whatever the client says it accepts. */
export function contentEncodingOf(
	run: Run,
	{ blobEncoding, contentEncodingHeader }: SandboxSettings,
): FileEncoding {
	if (blobEncoding === 'varied') {
		const place = Number.parseInt(guidFor(`encoding of ${run.executionId}`).slice(0, 8), 16);
		const chosen = variety[place % variety.length];
		if (chosen) return chosen;
	}
	const layers: EncodingLayer[] =
		blobEncoding === 'br' || blobEncoding === 'deflate'
			? [blobEncoding]
			: blobEncoding === 'gzip, gzip'
				? ['gzip', 'gzip']
				: ['gzip'];
	return { layers, named: contentEncodingHeader };
}
