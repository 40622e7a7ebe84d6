/** What an errno means to a person: `EISDIR` -> "is a directory". */
const texts: Readonly<Record<string, string>> = {
	EACCES: "permission denied",
	EPERM: "permission denied",
	EISDIR: "it is a directory",
	ENOTDIR: "a part of the path is not a directory",
	ENOENT: "it does not exist",
	ELOOP: "too many symbolic links",
	ENAMETOOLONG: "the name is too long",
	EROFS: "the file system is read-only",
	ENOSPC: "no space left on device",
	EEXIST: "a file of that name exists",
	EFBIG: "it is too long",
	ENXIO: "it is a socket or a device without a driver",
	EIO: "input/output error",
	/** Ours: see `readInside`. */
	EUNTRUSTED: "it leads out of the workspace or is not a regular file, and was not read",
};

/** The cause of a failed file operation in words; an unknown errno stays as it is. */
export function errnoText(code: string): string {
	return texts[code] ?? code;
}
