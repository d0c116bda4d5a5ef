import { mapped } from './field';
import { number } from './kinds';
import { notice } from './notice';

/** Where a wait can be watched: n8n itself shows nothing but that the node is running. */
export const progressNotice = notice(
	'progressNotice',
	"This waits for the service, for minutes as a rule. Each look is told in n8n's log and, when you run it by hand, in the browser's console (F12).",
);

/** The options of a wait, in ms. */
export const waitOptions = {
	poll: mapped(
		number(
			{
				displayName: 'Poll Interval (Seconds)',
				name: 'pollSeconds',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 60,
				description:
					'How long to wait between two looks. The service allows about 10 requests in a short time.',
			},
			'seconds',
		),
		(seconds) => seconds * 1_000,
	),
	timeout: mapped(
		number(
			{
				displayName: 'Wait at Most (Minutes)',
				name: 'timeoutMinutes',
				type: 'number',
				typeOptions: { minValue: 0.01 },
				default: 60,
				description:
					'When to give up. The service promises no time; a one-off report takes minutes.',
			},
			'minutes',
		),
		(minutes) => minutes * 60_000,
	),
};
