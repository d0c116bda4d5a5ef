import type { Program } from '../../nodes/PartnerCenterInsights/insights/program';
import type { Profile } from '../service/protocol';
import type { Account } from './account';
import type { Finding } from './answer';

/** One assumption of the client, and how to find out whether it is true. */
export interface Probe {
	/** Stable: reports and docs name it. */
	id: string;
	/** What the client takes for granted. */
	assumes: string;
	/** What the code does where that is false. */
	otherwise: string;
	/** The file that does it. */
	code: string;
	/** Where it is written, or what speaks for it: an address or a few words. */
	source: string;
	/** Default: both. */
	program?: Program;
	/** Creates records; those are removed at the end. */
	writes?: true;
	/** The sandbox's profiles in which it is not so, on purpose. */
	differsIn?: Profile[];
	ask: (account: Account) => Promise<Finding>;
}
