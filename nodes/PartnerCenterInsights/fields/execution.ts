import { asExecutionId, type ExecutionId, GUID, GUID_LENGTH } from '../insights/ids';
import { type IdForm, markingMalformed, optional, readId, text } from './kinds';

const executionIdForm: IdForm<ExecutionId> = {
	noun: 'an execution ID',
	form: GUID,
	length: GUID_LENGTH,
	read: asExecutionId,
	advice:
		'An ID has the form 0f6a9d1e-8c3b-4b57-9a42-5d1c7e3f2b60. Leave it empty for the newest run.',
};

/** The ID of one run; undefined where it is left empty. */
const executionId = (description: string, hint: string) =>
	optional(
		text(
			{
				displayName: 'Execution ID',
				name: 'executionId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 0f6a9d1e-8c3b-4b57-9a42-5d1c7e3f2b60',
				description,
				hint,
			},
			(given, displayName) => readId(given, displayName, executionIdForm),
		),
	);

/** The run whose file is wanted; undefined for the newest one that is completed. */
export const executionToGet = markingMalformed(
	executionId(
		'The run whose file to get',
		"Empty: the run that was completed last. Behind the trigger, map the item's ExecutionId.",
	),
	executionIdForm,
);

/** The run that is waited for; undefined for the next one that is completed. */
export const executionToAwait = executionId(
	'The run to wait for',
	'Empty: the next run that is completed, or the last one of a report that is Inactive',
);
