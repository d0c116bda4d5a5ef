import { mapped, named, offeredAs } from '../../fields/field';
import { cases, collection, optional } from '../../fields/kinds';
import { queryId as savedQuery } from '../../fields/query';
import { endAfter, querySpan } from '../../fields/span';
import { asDataset } from '../../insights/api/catalogue';
import type { InsightsClient, ReportBody } from '../../insights/client';
import { InputError } from '../../insights/errors';
import type { QueryId } from '../../insights/ids';
import { datasetNamed, parseQuery } from '../../insights/query';
import { text } from '../../insights/records';
import { sameText } from '../../insights/sameText';
import { DEFAULT_LEAD_MINUTES, toServiceTime } from '../../insights/serviceTime';
import { ifTold } from '../ifTold';
import { asOutput, operation } from '../operation';
import * as field from './reportFields';

/** At this interval and above no dataset's own minimum was ever seen to forbid it, in hours. */
const HARMLESS_INTERVAL = 24;

/**
 * Refuses an interval below the minimum of the query's dataset. What cannot be found out is left to
 * the service.
 */
async function checkDatasetInterval(
	client: InsightsClient,
	query: QueryId,
	interval: number,
): Promise<void> {
	if (interval >= HARMLESS_INTERVAL) return;
	const told = await ifTold(Promise.all([client.queries.get(query), client.datasets.catalogue()]));
	if (told === undefined) return;
	const [records, catalogue] = told;
	const record = records.find(({ QueryId: id }) => sameText(id, query));
	const parsed = parseQuery(text(record?.Query));
	const name = parsed.ok ? parsed.query.from.text : undefined;
	const dataset = datasetNamed(catalogue.map(asDataset), name);
	const least = dataset?.MinimumRecurrenceInterval;
	if (dataset !== undefined && least !== undefined && interval < least) {
		throw new InputError(
			`${named(field.recurrenceInterval)} must be at least ${least} hours for the dataset ${dataset.DatasetName}, but is ${interval}`,
			`Use ${least} or more.`,
		);
	}
}

const schedule = cases(
	{
		displayName: 'Schedule',
		name: 'schedule',
		type: 'options',
		options: [
			{ name: 'Once', value: 'once', description: 'One run, queued at once' },
			{ name: 'Recurring', value: 'recurring', description: 'A run every so many hours' },
		],
		default: 'recurring',
	},
	{
		recurring: {
			start: mapped(
				optional(field.firstStart),
				(start, { now }) => start ?? toServiceTime(now + DEFAULT_LEAD_MINUTES * 60_000),
			),
			interval: field.recurrenceInterval,
			count: field.recurrenceCount,
		},
		once: { span: querySpan },
	},
);

const additionalFields = collection(
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
	},
	{
		callbackMethod: optional(field.callbackMethod),
		callbackUrl: optional(field.callbackUrl),
		description: optional(field.description),
		endTime: optional(field.endTime),
		format: optional(field.format),
	},
);

export const create = operation({
	value: 'create',
	name: 'Create',
	action: 'Create scheduled report',
	description: 'Run a query on a schedule, or once and at once',
	fields: {
		name: field.nameOfNewReport,
		query: savedQuery,
		schedule,
		more: additionalFields,
	},
	check: ({ schedule: asked, more }, _options, { program }) => {
		const { endTime: end } = more;
		if (asked.chosen === 'once') {
			if (end === undefined) return;
			throw new InputError(
				`${named(field.endTime)} is for recurring reports only`,
				`Remove it, or set ${named(schedule)} to ${offeredAs(schedule, 'recurring')}. The data of a one-off report ends with ${named(querySpan.end)}.`,
			);
		}
		if (end === undefined && program === 'cmp' && asked.count === null) field.refuseEndless();
		endAfter(end, asked.start, field.endTime);
	},
	run: async ({ client, names }, { name, query, schedule, more }) => {
		const queryId = await names.queryIdOf(query);
		const timing: ReportBody =
			schedule.chosen === 'once'
				? {
						ExecuteNow: true,
						QueryStartTime: schedule.span.start,
						QueryEndTime: schedule.span.end,
					}
				: {
						StartTime: schedule.start,
						RecurrenceInterval: schedule.interval,
						RecurrenceCount: schedule.count ?? undefined,
					};
		if (schedule.chosen === 'recurring') {
			await checkDatasetInterval(client, queryId, schedule.interval);
		}
		return asOutput(
			await client.reports.create({
				ReportName: name,
				QueryId: queryId,
				...timing,
				Description: more.description,
				Format: more.format,
				CallbackUrl: more.callbackUrl,
				CallbackMethod: more.callbackMethod,
				EndTime: more.endTime,
			}),
		);
	},
});
