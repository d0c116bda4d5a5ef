import { type Inputs, named } from '../../fields/field';
import { clearable, collection } from '../../fields/kinds';
import { reportId } from '../../fields/report';
import { endAfter } from '../../fields/span';
import { nameOfReport, runsOnce } from '../../insights/api/reportRecord';
import { endsBeforeStart, updatedBody } from '../../insights/api/reportUpdate';
import type { ReportBody } from '../../insights/client';
import { InputError, isFailure } from '../../insights/errors';
import type { Program } from '../../insights/program';
import type { InsightsRecord } from '../../insights/records';
import { readReport } from '../../insights/runs/findReport';
import { asOutput, operation } from '../operation';
import * as field from './reportFields';

const updateFields = collection(
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
	},
	{
		CallbackMethod: field.callbackMethod,
		CallbackUrl: clearable(field.callbackUrl),
		Description: clearable(field.description),
		EndTime: clearable(field.endTime),
		Format: field.format,
		RecurrenceCount: field.changedCount,
		RecurrenceInterval: field.recurrenceInterval,
		ReportName: field.changedName,
		StartTime: field.changedStart,
	},
);

type Changes = Partial<Inputs<{ changes: typeof updateFields }>['changes']>;

/** The service clears a description by an empty text, the others by null. */
const asBody = ({ Description: description, ...changes }: Changes): ReportBody => ({
	...changes,
	...(description !== undefined && { Description: description ?? '' }),
});

/** Refuses a change that the service could not make of this report. */
function refuseInVain(
	report: InsightsRecord,
	body: ReportBody,
	changes: Changes,
	program: Program,
): void {
	if (runsOnce(report)) {
		throw new InputError(
			`${named(reportId)} ${nameOfReport(report)} runs once only, and the service changes no such report`,
			'Delete it, and create another one.',
		);
	}
	const isEndless = !(Number(body.RecurrenceCount) > 0) && (body.EndTime ?? null) === null;
	if (program === 'cmp' && changes.EndTime === null && isEndless) field.refuseEndless();
	if (endsBeforeStart(body)) {
		const changed = changes.EndTime === undefined ? field.changedStart : field.endTime;
		throw new InputError(
			`${named(changed)} does not go with the report: it would end at ${String(body.EndTime)}, before its start at ${String(body.StartTime)}`,
			`Set ${named(field.changedStart)} and ${named(field.endTime)} so that the end is later.`,
		);
	}
}

/** A refusal of the start that an update sends along though it does not change it, with what to do. */
function advised(error: unknown, changes: Changes): unknown {
	const isOfStart = isFailure(error, 'refused') && /start ?time/i.test(error.message);
	if (!isOfStart || changes.StartTime !== undefined) return error;
	return error.advising(
		`${error.advice} An update sends the start that the report has, and the service may not take it any more: add ${named(field.changedStart)} to ${named(updateFields)}.`,
	);
}

export const update = operation({
	value: 'update',
	name: 'Update',
	action: 'Update scheduled report',
	description: 'Change a report; fields that are not named keep their value',
	fields: { report: reportId, changes: updateFields },
	check: ({ changes }, _options, { program }) => {
		if (Object.keys(changes).length === 0) {
			throw new InputError(
				`${named(updateFields)} is empty`,
				'Add the fields that are to change; all others keep their value.',
			);
		}
		const isEndless = changes.RecurrenceCount === null && (changes.EndTime ?? null) === null;
		if (program === 'cmp' && isEndless) field.refuseEndless();
		endAfter(changes.EndTime ?? undefined, changes.StartTime, field.endTime);
	},
	run: async ({ client, names, program }, { report: given, changes }) => {
		const id = await names.reportIdOf(given);
		return await client.reports.inTurn(id, async () => {
			const report = await readReport(client, program, id);
			const body = updatedBody(report, asBody(changes));
			refuseInVain(report, body, changes, program);
			const updated = client.reports.update(id, body).catch((error: unknown) => {
				throw advised(error, changes);
			});
			return asOutput(await updated);
		});
	},
});
