/**
 * A chat model with OpenAI's interface, which answers by a plan: what it calls and says is given, what
 * it is told is kept.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
import type { AddressInfo } from 'node:net';

import fastify from 'fastify';

import type { CredentialInput } from '../../../sandbox/n8n/rest';

interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string | null;
}

/** What a model is asked: the conversation so far, and the tools that it may call. */
export interface Question {
	model: string;
	messages: Message[];
	tools?: Array<{ function: { name: string; description: string; parameters: unknown } }>;
	stream?: boolean;
}

/** What it answers: a tool to call, or something to say. */
export type Reply = { call: string; with: Record<string, unknown> } | { say: string };

export interface ChatModel {
	/** n8n's credential for it. */
	credential: CredentialInput;
	questions: Question[];
	stop: () => Promise<void>;
}

/** What the tools have answered so far, in order. */
export const toolAnswers = ({ messages }: Question): string[] =>
	messages.filter(({ role }) => role === 'tool').map(({ content }) => content ?? '');

export async function startChatModel(plan: (question: Question) => Reply): Promise<ChatModel> {
	const questions: Question[] = [];
	const app = fastify();
	app.post('/v1/chat/completions', async (request, reply) => {
		const question = request.body as Question;
		questions.push(question);
		const answer = plan(question);
		const toolCall = 'call' in answer && {
			index: 0,
			id: `call_${questions.length}`,
			type: 'function',
			function: { name: answer.call, arguments: JSON.stringify(answer.with) },
		};
		const message = toolCall
			? { role: 'assistant', content: null, tool_calls: [toolCall] }
			: { role: 'assistant', content: 'say' in answer ? answer.say : '' };
		const finish = toolCall ? 'tool_calls' : 'stop';
		const frame = { id: `answer_${questions.length}`, created: 0, model: question.model };
		if (question.stream !== true) {
			const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
			const choices = [{ index: 0, message, finish_reason: finish }];
			return { ...frame, object: 'chat.completion', choices, usage };
		}
		const chunks = [
			{ index: 0, delta: message, finish_reason: null },
			{ index: 0, delta: {}, finish_reason: finish },
		].map((choice) => ({ ...frame, object: 'chat.completion.chunk', choices: [choice] }));
		return await reply
			.type('text/event-stream')
			.send(
				[...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
					.map((data) => `data: ${data}\n\n`)
					.join(''),
			);
	});
	await app.listen({ host: '127.0.0.1', port: 0 });
	const { port } = app.server.address() as AddressInfo;
	return {
		credential: {
			name: 'Model',
			type: 'openAiApi',
			data: { apiKey: 'not-used', url: `http://127.0.0.1:${port}/v1` },
		},
		questions,
		stop: async () => await app.close(),
	};
}
