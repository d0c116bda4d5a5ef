import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../insights/errors';
import type { CredentialType } from '../n8n/connection';
import type { Program } from '../insights/program';
import { createParameterReader, GUID } from '../parameters/reader';
import { authentication, program } from '../parameters/shared';
import { oneOf, quote, requiredText } from '../parameters/values';
import type { TriggerEvent } from './memory/state';

export const triggerProperties: INodeProperties[] = [
	authentication,
	program,
	{
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
	},
	{
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
	},
	{
		displayName: 'Report Names or IDs',
		name: 'reportIds',
		type: 'multiOptions',
		typeOptions: {
			loadOptionsMethod: 'getReports',
			loadOptionsDependsOn: ['program', 'authentication'],
		},
		displayOptions: { show: { reports: ['selected'] } },
		required: true,
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		displayOptions: { show: { event: ['executionCompleted'] } },
		default: {},
		options: [
			{
				displayName: 'Download File',
				name: 'downloadFile',
				type: 'boolean',
				default: false,
				description: 'Whether to attach the report file to each item',
			},
			{
				displayName: 'Put Output File in Field',
				name: 'binaryPropertyName',
				type: 'string',
				default: 'data',
				displayOptions: { show: { downloadFile: [true] } },
				hint: 'The name of the output binary field to put the file in',
			},
			{
				displayName: 'Use Callback',
				name: 'useCallback',
				type: 'boolean',
				default: false,
				description:
					'Whether Partner Center also calls n8n as soon as a report is ready, beside the polls. Puts an address of this workflow into the callback URL of the watched reports while the workflow is active. Microsoft must be able to reach n8n.',
			},
		],
	},
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

/** IDs of the reports that were picked, or that an expression gave as a list or as text. */
function selectedReports(value: unknown): Set<string> {
	const entries: unknown[] = Array.isArray(value)
		? value
		: typeof value === 'string'
			? value.split(/[,;\s]+/)
			: [];
	const ids = entries
		.map((entry) => (typeof entry === 'string' ? entry.trim() : entry))
		.filter((entry) => entry !== '' && entry !== undefined && entry !== null);
	if (ids.length === 0) {
		throw new InputError(
			"'Report Names or IDs' is empty",
			"Pick at least one report, or set 'Reports' to All Reports.",
		);
	}
	return new Set(
		ids.map((id) => {
			if (typeof id === 'string' && GUID.test(id)) return id.toLowerCase();
			throw new InputError(
				`'Report Names or IDs' contains what is not a report ID: ${quote(id)}`,
				'An ID has the form 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11.',
			);
		}),
	);
}

/** @throws InputError when a parameter cannot be used */
export function readSettings(
	get: (name: string, fallback: unknown) => unknown,
	timezone: string,
): TriggerSettings {
	const parameters = createParameterReader(get, timezone);
	const event = oneOf(parameters.get('event') ?? 'executionCompleted', 'Trigger On', [
		'executionCompleted',
		'reportStatusChanged',
	] as const);
	const reports = oneOf(parameters.get('reports') ?? 'all', 'Reports', ['all', 'selected']);
	const options = parameters.collection('options');
	const onExecution = event === 'executionCompleted';
	const wantsFile = onExecution && options.downloadFile === true;
	return {
		credentialType: oneOf(
			parameters.get('authentication') ?? 'partnerCenterInsightsApi',
			'Authentication',
			['partnerCenterInsightsApi', 'partnerCenterInsightsOAuth2Api'] as const,
		),
		program: parameters.program(),
		event,
		reportIds: reports === 'selected' ? selectedReports(parameters.get('reportIds')) : undefined,
		fileField: wantsFile
			? requiredText(options.binaryPropertyName ?? 'data', 'Put Output File in Field')
			: undefined,
		useCallback: onExecution && options.useCallback === true,
	};
}
