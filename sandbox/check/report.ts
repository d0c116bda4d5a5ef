import { PROGRAM_NAMES } from '../../nodes/PartnerCenterInsights/insights/program';
import { factText } from './answer';
import type { Result } from './ask';

/** Where the answers come from: the real service, or the sandbox in one of its profiles. */
export type Source = 'live' | 'documented' | 'observed';

/** The answers of one run, as they may be shown to anybody. */
export interface CheckReport {
	source: Source;
	/** Day only. */
	date: string;
	version: string;
	answers: Array<{
		probe: string;
		program: Result['program'];
		verdict: Result['verdict'];
		facts: Record<string, string | number | boolean>;
	}>;
}

export function createReport(
	source: Source,
	results: Result[],
	{ version, now }: { version: string; now: Date },
): CheckReport {
	return {
		source,
		date: now.toISOString().slice(0, 10),
		version,
		answers: results.map(({ probe, program, verdict, facts }) => ({
			probe: probe.id,
			program,
			verdict,
			facts,
		})),
	};
}

const shown = (facts: Result['facts']): string =>
	Object.entries(facts)
		.map(([name, fact]) => `${name}: ${factText(fact)}`)
		.join(', ');

/** The answers as lines of a table for the terminal. */
export const tableRows = (results: Result[]): Array<Record<string, string>> =>
	results.map(({ probe, program, verdict, facts }) => ({
		probe: probe.id,
		program,
		verdict,
		answer: shown(facts),
	}));

/** The report as a page: each assumption, whether it held, and what was seen instead. */
export function markdown(report: CheckReport, results: Result[]): string {
	const programs = [...new Set(results.map(({ program }) => program))];
	const sections = programs.map((program) => {
		const rows = results
			.filter((result) => result.program === program)
			.map(
				({ probe, verdict, facts }) =>
					`| \`${probe.id}\` | ${verdict} | ${probe.assumes} | ${shown(facts)} |`,
			);
		return `## ${PROGRAM_NAMES[program]}

| Probe | Verdict | The client takes for granted | Answer |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
	});
	return `# Check of ${report.source === 'live' ? 'Partner Center Insights' : `the sandbox, profile ${report.source}`}

${report.date}, version ${report.version}. No IDs, names, tokens, links or data: only the answers to the probes.

${sections.join('\n')}`;
}
