import { matchesPath } from './pathMatch';
import type { Fault, FaultKind, JournalHost, Program } from './protocol';

/** When a fault acts: instead of the answer, on the answer, or (blob) on the file. */
export type FaultPhase = 'before' | 'after' | 'file';

const phases: Record<FaultKind, FaultPhase> = {
	status: 'before',
	rateLimit: 'before',
	reset: 'before',
	hang: 'before',
	malformed: 'before',
	html: 'before',
	errorIn200: 'before',
	redirect: 'before',
	aadsts: 'before',
	resetAfterHandling: 'after',
	missingValue: 'after',
	emptyValue: 'after',
	elements: 'after',
	slowBody: 'after',
	bom: 'after',
	cut: 'file',
	truncate: 'file',
	wrongLength: 'file',
	expired: 'file',
	notFound: 'file',
	noEncodingHeader: 'file',
	plain: 'file',
};

/** What a fault can be matched against. */
export interface FaultTarget {
	host: JournalHost;
	method: string;
	/** Path and query. */
	url: string;
	program: Program | undefined;
}

interface ArmedFault {
	id: number;
	fault: Fault;
	remaining: number;
}

/** The faults that wait for a request to hit, in the order in which they were added. */
export class Faults {
	private armed: ArmedFault[] = [];

	private nextId = 1;

	add(fault: Fault): number {
		const id = this.nextId++;
		const times = fault.times ?? 1;
		this.armed.push({ id, fault, remaining: times === 0 ? Number.POSITIVE_INFINITY : times });
		return id;
	}

	clear(): void {
		this.armed = [];
	}

	/** The first fault of `phase` for this request, used up by one. */
	take(
		target: FaultTarget,
		phase: FaultPhase,
		applicable: (kind: FaultKind) => boolean = () => true,
	): Fault | undefined {
		if (this.armed.length === 0) return undefined;
		const hit = this.armed.find(
			({ fault }) =>
				phaseOn(fault.kind, target.host) === phase &&
				applicable(fault.kind) &&
				hits(fault, target) &&
				(fault.probability === undefined || Math.random() < fault.probability),
		);
		if (!hit) return undefined;
		hit.remaining -= 1;
		if (hit.remaining <= 0) this.armed = this.armed.filter((other) => other !== hit);
		return hit.fault;
	}
}

/** On the blob host these two concern the file: the mark goes under its compression. */
function phaseOn(kind: FaultKind, host: JournalHost): FaultPhase {
	const concernsFile = host === 'blob' && (kind === 'bom' || kind === 'slowBody');
	return concernsFile ? 'file' : phases[kind];
}

function hits({ kind, match = {} }: Fault, target: FaultTarget): boolean {
	const host = match.host ?? hostOf(kind, match.path);
	return (
		(host === undefined || host === target.host) &&
		(match.method === undefined || match.method.toUpperCase() === target.method) &&
		(match.program === undefined || match.program === target.program) &&
		(match.path === undefined || matchesPath(target.url, match.path))
	);
}

function hostOf(kind: FaultKind, path: string | undefined): JournalHost | undefined {
	if (kind === 'aadsts') return 'login';
	if (phases[kind] === 'file') return 'blob';
	return path === undefined ? 'api' : undefined;
}
