/** .NET's smallest time stands for what has not happened. */
const never = '0001-01-01T00:00:00';
const endless = '9999-12-31T23:59:59Z';

const spellings: Partial<Record<string, (time: string | null) => string | null>> = {
	createdTime: (time) => time?.replace(/Z$/, '') ?? null,
	modifiedTime: (time) => time ?? never,
	reportGeneratedTime: (time) => time?.replace(/Z$/, '.1234567Z') ?? never,
	endTime: (time) => time ?? endless,
	nextExecutionStartTime: (time) => time ?? `${never}Z`,
};

/** A record with its times as .NET services write them where nobody took care. */
export function withAwkwardTimes(record: object): object {
	return Object.fromEntries(
		Object.entries(record).map(([key, value]: [string, unknown]) => {
			const spelling = spellings[key];
			return [
				key,
				spelling && (value === null || typeof value === 'string') ? spelling(value) : value,
			];
		}),
	);
}
