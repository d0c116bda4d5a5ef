/** Sees to it that nothing outlives the process that started it, however that one ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads a line when the process has ended, and nothing when whoever holds the other side has, even
 * when it was killed. Then it asks the process to stop, and kills it after 20 seconds. In either case
 * it removes the folder.
 */
const WATCH = `
if ! read -r _; then
	kill -s "$1" "$2" 2>/dev/null
	for _ in $(seq 100); do
		kill -0 "$2" 2>/dev/null || break
		sleep 0.2
	done
	kill -s KILL "$2" 2>/dev/null
fi
if [ -n "$3" ]; then rm -rf -- "$3"; fi
`;

/**
 * Ends a child together with this process: after Ctrl-C, a crash or a kill, too. Handlers on `process`
 * would not do, since Jest gives each test file a copy that hears nothing.
 *
 * @param signal what the child takes as a request to stop
 * @param folder what to remove when the child has ended
 * @returns ends the child and waits for that; harmless when it has already ended
 */
export function endWithThisProcess(
	child: ChildProcess,
	signal: NodeJS.Signals,
	folder = '',
): () => Promise<void> {
	const { pid } = child;
	const watcher = spawn(
		'sh',
		['-c', WATCH, 'sh', signal.replace('SIG', ''), String(pid), folder],
		// A session of its own: Ctrl-C in a terminal reaches this process's group, and not the watcher.
		{ detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
	);
	const { stdin } = watcher;
	const done = once(watcher, 'close');
	stdin.on('error', () => undefined);
	const hasEnded = () => {
		if (!stdin.writableEnded) stdin.end('ended\n');
	};
	if (pid === undefined) hasEnded();
	else child.once('exit', hasEnded);
	return async () => {
		stdin.end();
		await done;
	};
}
