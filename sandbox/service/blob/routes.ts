import type { Clock } from '../clock';
import type { Faults } from '../faults';
import type { ProgramState } from '../insights/program-state';
import type { HttpsListener } from '../listener';
import type { Program, SandboxSettings } from '../protocol';
import type { DownloadLinks } from './links';
import type { ReportFiles } from './report-files';

export interface BlobParts {
	programs: Record<Program, ProgramState>;
	links: DownloadLinks;
	files: ReportFiles;
	faults: Faults;
	settings: SandboxSettings;
	clock: Clock;
}

/** Adds the blob storage's one container to the blob listener. */
export function addBlobRoutes(_app: HttpsListener, _parts: BlobParts): void {}
