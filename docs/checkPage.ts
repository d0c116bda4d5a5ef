import { join } from 'node:path';
import * as markdown from 'prettier/plugins/markdown';
import { format } from 'prettier/standalone';
import { probes } from '../sandbox/check/probes';
import type { Probe } from '../sandbox/check/probe';

export const CHECK_PAGE = join(__dirname, 'check.md');

const sourceText = (source: string): string => source.replace(/https:\/\/[^\s,]+/, '<$&>');

function section({ id, assumes, otherwise, code, source, program, writes, differsIn }: Probe) {
	const notes = [
		...(program ? [`Only on ${program}.`] : []),
		...(writes ? ['Only with `--write`.'] : []),
		differsIn
			? `In the sandbox it does not hold in profile ${differsIn.join(', ')}.`
			: 'In the sandbox it holds in both profiles.',
	];
	return `### ${id}

${assumes}

- If it is not so: ${otherwise}
- In the code: [\`${code}\`](../${code})
- Written: ${sourceText(source)}
- ${notes.join(' ')}
`;
}

/** The page about the check, with a section for each probe. */
export async function checkPage(): Promise<string> {
	const text = `# Check: what the node takes for granted

<!-- Made by \`npm run docs\` from \`sandbox/check/probes\`. -->

Microsoft's pages leave questions open. Where the node had to take something for granted, a probe asks the service whether it is so. The requests are made by the client that the node uses.

## Ask the real service

Nobody has asked it yet: **the first reports are welcome.** In a checkout of this repository, with Node 20.15 or newer:

\`\`\`bash
npm ci
npm run check -- --live --credential credential.json
\`\`\`

The file holds the fields of the [app credential](setup.md) by their names:

\`\`\`json
{
  "tenantId": "…",
  "clientId": "…",
  "clientSecret": "…",
  "grantType": "refreshToken",
  "refreshToken": "…"
}
\`\`\`

\`grantType\` is \`refreshToken\` for app and user (mpn) or \`clientCredentials\` for the app alone (cmp). Without a file each field is read from the environment: \`INSIGHTS_TENANT_ID\`, \`INSIGHTS_CLIENT_ID\`, \`INSIGHTS_CLIENT_SECRET\`, \`INSIGHTS_GRANT_TYPE\`, \`INSIGHTS_REFRESH_TOKEN\` and so on. Secrets are never read from the command line. A rotated refresh token is not written back to the file. The file holds secrets: git is told to pass over \`credential.json\` in the checkout; delete it when you are done.

It only reads: lists, executions, tests of queries of one column, and the first 64 KB of up to four report files, which are looked at and not kept. \`--write\` also creates one query and one report that is paused at once, and removes both; it asks before. \`--program mpn\` or \`cmp\` asks one program only.

At the end it shows a table and writes \`check-report.json\` and \`check-report.md\`. They hold no IDs, names, tokens, links or data: only a verdict for each probe, yes and no, numbers and words of a fixed list. Attach them to a [check report](https://github.com/n8n-nodes-partner-center-insights/n8n-nodes-partner-center-insights/issues/new?template=check-report.yml).

| Verdict | Meaning |
| --- | --- |
| holds | what the node takes for granted is so |
| differs | it is not so; the node does what stands below |
| open | it could not be seen, for example because there is no report |

## Ask the sandbox

\`npm run check\` asks the local stand-in in both of its [profiles](sandbox.md). It fails when a probe does not come out as stated below.

## Probes

${probes.map(section).join('\n')}`;
	return await format(text, { parser: 'markdown', plugins: [markdown], printWidth: 100 });
}
