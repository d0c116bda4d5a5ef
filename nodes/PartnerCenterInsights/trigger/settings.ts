import { authentication, program, programNotice } from '../fields/connection';
import { chosenOf, named, offeredAs, spelledAs, type Values } from '../fields/field';
import { flag, names, oneOf, options, quote, text } from '../fields/kinds';
import { notice } from '../fields/notice';
import { InputError } from '../insights/errors';
import { asReportId, type ReportId } from '../insights/ids';
import type { Program } from '../insights/program';
import type { CredentialType } from '../n8n/connection';
import type { TriggerEvent } from './memory/watch';

const event = oneOf({
	displayName: 'Trigger On',
	name: 'event',
	type: 'options',
	options: [
		{
			name: 'Report Execution Completed',
			value: 'executionCompleted',
			description: 'When a run of a report has its file ready',
		},
		{
			name: 'Report Status Changed',
			value: 'reportStatusChanged',
			description: 'When a report is created, paused, resumed, becomes inactive or is deleted',
		},
	],
	default: 'executionCompleted',
	hint: 'Polling every 15 minutes is enough: a report runs every 4 hours at the soonest',
});

const reports = oneOf({
	displayName: 'Reports',
	name: 'reports',
	type: 'options',
	options: [
		{
			name: 'All Reports',
			value: 'all',
			description: 'All of the program, also those that are created later',
		},
		{ name: 'Selected Reports', value: 'selected', description: 'Only those that you pick' },
	],
	default: 'all',
});

/** IDs of the reports that were picked, or that an expression gave as a list or as text. */
export const selectedReports = names(
	{
		displayName: 'Report Names or IDs',
		name: 'reportIds',
		type: 'multiOptions',
		typeOptions: {
			loadOptionsMethod: 'getReports',
			loadOptionsDependsOn: ['program', 'authentication'],
		},
		displayOptions: { show: { reports: chosenOf('selected', 'all') } },
		required: true,
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	/[,;\s]+/,
);

const triggerOptions = options(
	{
		downloadFile: flag({
			displayName: 'Download File',
			name: 'downloadFile',
			type: 'boolean',
			default: false,
			description: 'Whether to attach the report file to each item',
		}),
		fileField: text({
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			displayOptions: { show: { downloadFile: spelledAs(true) } },
			hint: 'The name of the output binary field to put the file in',
		}),
		useCallback: flag({
			displayName: 'Use Callback',
			name: 'useCallback',
			type: 'boolean',
			default: false,
			description:
				'Whether Partner Center also calls n8n as soon as a report is ready, beside the polls. Puts an address of this workflow into the callback URL of the watched reports while the workflow is published. Microsoft must be able to reach n8n.',
		}),
	},
	{ displayOptions: { show: { event: chosenOf('executionCompleted', 'reportStatusChanged') } } },
);

const callbackNotice = notice(
	'callbackNotice',
	'While the workflow is published, an address of it stands in the Callback URL of each watched report. What stood there before comes back when you unpublish it. Microsoft must be able to reach that address: it is the one that n8n has as <b>WEBHOOK_URL</b>.',
	{ show: { '/options.useCallback': [true], event: ['executionCompleted'] } },
);

export const triggerProperties = [
	authentication.property,
	program.property,
	...programNotice.properties,
	event.property,
	reports.property,
	selectedReports.property,
	triggerOptions.property,
	...callbackNotice.properties,
];

export interface TriggerSettings {
	credentialType: CredentialType;
	program: Program;
	event: TriggerEvent;
	/** Undefined: all reports. */
	reportIds: ReadonlySet<string> | undefined;
	/** Field for the report file; undefined when it is not wanted. */
	fileField: string | undefined;
	/** Whether the service is to call n8n. */
	useCallback: boolean;
}

function readSelection(values: Values): Set<ReportId> {
	const { displayName } = selectedReports.property;
	const given = selectedReports.read(values);
	if (given.length === 0) {
		throw new InputError(
			`'${displayName}' is empty`,
			`Pick at least one report, or set ${named(reports)} to ${offeredAs(reports, 'all')}.`,
		);
	}
	return new Set(
		given.map((text) => {
			const id = asReportId(text);
			if (id !== undefined) return id;
			throw new InputError(
				`'${displayName}' contains what is not a report ID: ${quote(text)}`,
				'An ID has the form 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11. By name, reports are picked from the list; an expression gives their IDs.',
			);
		}),
	);
}

/** What the connection to the service takes, whatever the other parameters are. */
export type ConnectionSettings = Pick<TriggerSettings, 'credentialType' | 'program'>;

function valuesOf(get: Values['get'], timezone: string): Values {
	const values: Values = {
		get,
		timezone,
		now: Date.now(),
		get program() {
			return program.read(values);
		},
	};
	return values;
}

/** @throws InputError when one of these parameters cannot be used */
export function readConnection(get: Values['get'], timezone: string): ConnectionSettings {
	const values = valuesOf(get, timezone);
	return { credentialType: authentication.read(values), program: values.program };
}

/** @throws InputError when a parameter cannot be used */
export function readSettings(get: Values['get'], timezone: string): TriggerSettings {
	const values = valuesOf(get, timezone);
	const watched = event.read(values);
	const onExecution = watched === 'executionCompleted';
	const chosen = onExecution ? triggerOptions.read(values) : undefined;
	return {
		credentialType: authentication.read(values),
		program: values.program,
		event: watched,
		reportIds: reports.read(values) === 'selected' ? readSelection(values) : undefined,
		fileField: chosen?.downloadFile ? chosen.fileField : undefined,
		useCallback: chosen?.useCallback ?? false,
	};
}
