/**
 * Bytes of new buffers after which V8 looks which of them are still used (`kExternalAllocationSoftLimit` in
 * its include/v8-internal.h). It counts from the last time that it looked.
 */
const V8_LOOKS_AFTER = 64 * 1024 * 1024;

/**
 * Has V8 look now which buffers are still used, and free the others.
 *
 * By itself it would look only when a large file has brought so many bytes of buffers, on top of those that
 * the server had left until then. The buffer that is made here counts as so many at once; nothing is
 * written to it, so that it takes no memory.
 */
export function freeUnusedBuffers(): void {
	try {
		new ArrayBuffer(V8_LOOKS_AFTER);
	} catch {
		// There is no room for one: V8 has looked then, too.
	}
}
