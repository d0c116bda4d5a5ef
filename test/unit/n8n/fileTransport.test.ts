import { createFileTransport } from '../../../nodes/PartnerCenterInsights/n8n/fileTransport';

const LINK = 'https://files.blob.core.windows.net/x/Sales.csv?sig=SECRET';

const outcomeOf = async (thrown: unknown) =>
	await createFileTransport(
		{
			helpers: {
				httpRequest: async () => {
					throw thrown;
				},
			},
		},
		1_000,
		undefined,
	)(LINK);

describe('a request for a file through n8n', () => {
	it('that n8n does not let out has its words', async () => {
		const words = 'The request was blocked because the destination hostname is restricted';
		expect(await outcomeOf(new Error(words))).toEqual({ refusal: words });
	});

	it('to which nothing came back has the code of the connection, and its host', async () => {
		const thrown = Object.assign(new Error(`GET ${LINK}`), { code: 'ECONNREFUSED' });
		expect(await outcomeOf(thrown)).toEqual({
			code: 'ECONNREFUSED',
			host: 'files.blob.core.windows.net',
		});
	});
});
