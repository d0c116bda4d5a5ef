import { randomUUID } from 'node:crypto';

import type { FastifyReply } from 'fastify';

const errors = {
	InvalidAuthenticationInfo: {
		status: 400,
		message:
			'Authentication information is not given in the correct format. Check the value of Authorization header.',
	},
	AuthenticationFailed: {
		status: 403,
		message:
			'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
	},
	ResourceNotFound: { status: 404, message: 'The specified resource does not exist.' },
	BlobNotFound: { status: 404, message: 'The specified blob does not exist.' },
} as const;

export type StorageErrorCode = keyof typeof errors;

/** Answers in blob storage's way: XML, and the code in a header too. */
export function sendStorageError(
	reply: FastifyReply,
	code: StorageErrorCode,
	now: number,
	detail?: string,
): void {
	const { status, message } = errors[code];
	const requestId = randomUUID();
	const time = new Date(now).toISOString();
	const details = detail ? `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>` : '';
	void reply
		.code(status)
		.header('x-ms-error-code', code)
		.header('x-ms-request-id', requestId)
		.type('application/xml')
		.send(
			`\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}\nRequestId:${requestId}\nTime:${time}</Message>${details}</Error>`,
		);
}
