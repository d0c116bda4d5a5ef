import { mapped } from './field';
import { number } from './kinds';

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
				typeOptions: { minValue: 0.01, numberPrecision: 2 },
				default: 60,
				description:
					'When to give up. The service promises no time; a one-off report takes minutes.',
			},
			'minutes',
		),
		(minutes) => minutes * 60_000,
	),
};
