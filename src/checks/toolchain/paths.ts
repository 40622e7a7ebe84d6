/** `/root/.cargo/bin` of `/root/.cargo/bin/rustc` */
export function directoryOf(path: string): string {
	const slash = path.lastIndexOf("/");
	return slash < 1 ? "/" : path.slice(0, slash);
}

/** `rustc` of `/root/.cargo/bin/rustc` */
export function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
