import n8nCommunityNodes from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const legacyRules = (set) => n8nNodesBase.configs[set].rules;

/** What the MSAL dependency breaks, and nothing else. */
const brokenByMsal = {
	// Tokens come from @azure/msal-node: a maintained library instead of an OAuth client of our own.
	'@n8n/community-nodes/no-runtime-dependencies': 'off',
	// That import, and Node's own crypto and timers.
	'@n8n/community-nodes/no-restricted-imports': 'off',
	// With a dependency n8n Cloud is out of reach anyway; waits that end on Stop need timers.
	'@n8n/community-nodes/no-restricted-globals': 'off',
};

/** Rooms that the client in `insights/` must not know, by the path of an import. */
const BEYOND_THE_CLIENT =
	'(^|/)(n8n|fields|run|operations|trigger|credentials)(/|$)|\\.(node|credentials)$';

/** What n8n calls a node with. */
const N8N_CONTEXTS = [
	'IExecuteFunctions',
	'IHookFunctions',
	'ILoadOptionsFunctions',
	'IPollFunctions',
	'IWebhookFunctions',
];

export default tseslint.config(
	{
		ignores: ['dist/', 'coverage/', '**/node_modules/', 'sandbox/.state/', '**/__schema__/**'],
	},
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.strictTypeChecked],
		languageOptions: {
			parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-non-null-assertion': 'error',
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allowBoolean: true },
			],
			// `async` also turns a throw into a rejection.
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/no-confusing-void-expression': [
				'error',
				{ ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
			],
			// An async function that only hands on a promise keeps its frame in the stack.
			'@typescript-eslint/return-await': ['error', 'always'],
		},
	},
	{
		files: ['credentials/**/*.ts', 'nodes/**/*.ts'],
		languageOptions: {
			parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
		},
		plugins: { '@n8n/community-nodes': n8nCommunityNodes },
		rules: { ...n8nCommunityNodes.configs.recommended.rules, ...brokenByMsal },
	},
	{
		files: ['nodes/**/*.ts'],
		ignores: ['nodes/**/*.node.ts', 'nodes/PartnerCenterInsights/n8n/**'],
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					paths: [
						{
							name: 'n8n-workflow',
							allowTypeImports: true,
							message: 'Only n8n/ and the node classes use what n8n does; types are free.',
						},
						{ name: 'n8n-core', message: 'It is no dependency of this package.' },
					],
				},
			],
			// The rule above lets all types through.
			'no-restricted-imports': [
				'error',
				{
					paths: [
						{
							name: 'n8n-workflow',
							importNames: N8N_CONTEXTS,
							message: 'Only n8n/ and the node classes know them.',
						},
					],
				},
			],
		},
	},
	{
		files: ['nodes/PartnerCenterInsights/insights/**/*.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '^(@n8n/|n8n-)',
							message: 'The client knows no n8n, not even its types.',
						},
						{
							regex: BEYOND_THE_CLIENT,
							message: 'The client knows nothing of the rooms around it.',
						},
					],
				},
			],
		},
	},
	{
		files: ['package.json'],
		plugins: { '@n8n/community-nodes': n8nCommunityNodes, 'n8n-nodes-base': n8nNodesBase },
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: {
			...n8nCommunityNodes.configs.recommended.rules,
			...brokenByMsal,
			...legacyRules('community'),
		},
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: legacyRules('credentials'),
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: legacyRules('nodes'),
	},
	{
		files: ['test/**/*.ts', 'sandbox/**/*.ts'],
		rules: {
			// Tests and the sandbox read foreign data: n8n's run data, JSON of the service, built files.
			'@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
			'@typescript-eslint/no-base-to-string': 'off',
			'@typescript-eslint/no-require-imports': 'off',
			'@typescript-eslint/no-unnecessary-condition': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
		},
	},
	{
		files: ['test/unit/**/*.ts'],
		ignores: ['test/unit/fastCheck.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					paths: [
						{ name: 'fast-check', message: 'By test/unit/fastCheck.ts it draws the same in CI.' },
					],
				},
			],
		},
	},
);
