import { describeProblems, parseQuery } from '../../../nodes/PartnerCenterInsights/insights/query';

function described(text: string) {
	const result = parseQuery(text);
	return result.ok ? undefined : describeProblems(result.problems, text);
}

describe('describing problems', () => {
	it('gives nothing for no problems', () => {
		expect(describeProblems([])).toBeUndefined();
	});

	it('makes the first the message and shows its place', () => {
		expect(described('SELECT A\nFROM  X\nGROUP BY A')).toEqual({
			message:
				'GROUP BY is not part of the query language: remove it, metrics are computed for each combination of the selected columns. (line 3, column 1)',
			description: 'In the query: SELECT A FROM X →GROUP← BY A',
		});
	});

	it('shows only the surroundings in a long query', () => {
		const names = Array.from({ length: 20 }, (_, index) => `Column${index}`).join(', ');
		expect(described(`SELECT ${names}, *, ${names} FROM X`)?.description).toBe(
			'In the query: ...Column17, Column18, Column19, →*←, Column0, Column1, Column2, Column3, Co...',
		);
		const open = `SELECT A FROM X WHERE A = '${'x'.repeat(200)}`;
		expect(described(open)?.description).toBe(
			`In the query: SELECT A FROM X WHERE A = →'${'x'.repeat(39)}←${'x'.repeat(40)}...`,
		);
	});

	it('shows no place in an empty query', () => {
		expect(described(' ')).toEqual({
			message:
				'The query is empty: write for example SELECT CustomerName FROM CustomersAndTenants. (line 1, column 2)',
		});
	});

	it('lists further problems, and counts those beyond ten', () => {
		const at = { offset: 7, length: 1, line: 1, column: 8 };
		expect(describeProblems([{ message: 'First.', at }, { message: 'Second.' }])).toEqual({
			message: 'First. (line 1, column 8)',
			description: 'Also: Second.',
		});
		expect(
			describeProblems(
				[
					{ message: 'First.', at },
					{ message: 'Second.', at },
				],
				'SELECT *',
			),
		).toEqual({
			message: 'First. (line 1, column 8)',
			description: 'In the query: SELECT →*← Also: Second. (line 1, column 8)',
		});
		const many = Array.from({ length: 13 }, (_, index) => ({ message: `No ${index}.` }));
		expect(describeProblems(many)?.description).toBe(
			'Also: No 1. No 2. No 3. No 4. No 5. No 6. No 7. No 8. No 9. No 10. And 2 more.',
		);
	});
});
