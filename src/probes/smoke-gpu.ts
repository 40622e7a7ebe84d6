import { type Prepared, type Preparing, programFor } from "./smoke-part.ts";
import { toolProbe } from "./tools.ts";

/** In C, without headers, which an image with a compiler may lack. The exit codes say how far it came. */
const inC = `extern void *dlopen(const char *, int), *dlsym(void *, const char *);
extern char *dlerror(void);
extern int printf(const char *, ...);
int main(void) {
	void *cuda = dlopen("libcuda.so.1", 2);
	if (!cuda) return printf("%s\\n", dlerror()), 3;
	int (*init)(unsigned) = (int (*)(unsigned))dlsym(cuda, "cuInit");
	int (*count)(int *) = (int (*)(int *))dlsym(cuda, "cuDeviceGetCount");
	int (*name)(int, const char **) = (int (*)(int, const char **))dlsym(cuda, "cuGetErrorName");
	if (!init || !count) return printf("libcuda.so.1 has no cuInit\\n"), 3;
	const char *called = "cuInit", *error = 0;
	int devices = 0, code = init(0);
	if (!code) called = "cuDeviceGetCount", code = count(&devices);
	if (code) {
		if (name) name(code, &error);
		return printf("%s: %d %s\\n", called, code, error ? error : ""), 4;
	}
	return printf("%d devices\\n", devices), devices ? 0 : 5;
}
`;

/** The same in Rust. */
const inRust = `use std::ffi::CStr;
use std::mem::transmute;
use std::os::raw::{c_char, c_int, c_uint, c_void};
use std::process::exit;
#[link(name = "dl")]
extern "C" {
	fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
	fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
	fn dlerror() -> *const c_char;
}
unsafe fn text(from: *const c_char) -> String {
	if from.is_null() { String::new() } else { CStr::from_ptr(from).to_string_lossy().into_owned() }
}
fn main() {
	unsafe {
		let cuda = dlopen("libcuda.so.1\\0".as_ptr() as *const c_char, 2);
		if cuda.is_null() { println!("{}", text(dlerror())); exit(3); }
		let init = dlsym(cuda, "cuInit\\0".as_ptr() as *const c_char);
		let count = dlsym(cuda, "cuDeviceGetCount\\0".as_ptr() as *const c_char);
		let name = dlsym(cuda, "cuGetErrorName\\0".as_ptr() as *const c_char);
		if init.is_null() || count.is_null() { println!("libcuda.so.1 has no cuInit"); exit(3); }
		let init: extern "C" fn(c_uint) -> c_int = transmute(init);
		let count: extern "C" fn(*mut c_int) -> c_int = transmute(count);
		let (mut called, mut devices, mut code) = ("cuInit", 0, init(0));
		if code == 0 { called = "cuDeviceGetCount"; code = count(&mut devices); }
		if code != 0 {
			let mut error: *const c_char = std::ptr::null();
			if !name.is_null() {
				let name: extern "C" fn(c_int, *mut *const c_char) -> c_int = transmute(name);
				name(code, &mut error);
			}
			println!("{}: {} {}", called, code, text(error));
			exit(4);
		}
		println!("{} devices", devices);
		exit(if devices > 0 { 0 } else { 5 });
	}
}
`;

/** The first that there is compiles it. */
const compilers = ["cc", "gcc", "clang", "rustc"] as const;

/** Device nodes of an NVIDIA GPU: of a card, of a Jetson, of WSL. */
const node = /^(?:nvidia(?:\d+|ctl)|nvhost-gpu|nvmap|dxg)$/;

/** A program that asks the driver for its devices, as every CUDA program does first. With `all`, only if there is a device node. */
export async function gpuPart(preparing: Preparing): Promise<Prepared> {
	const { host, request } = preparing;
	if (request.policy.smoke?.all) {
		const devices = await host.list("/dev");
		if (devices.kind === "ok" && !devices.value.some((name) => node.test(name))) return { kind: "absent", what: "GPU" };
	}
	const compiler = await findCompiler(preparing);
	if (!("path" in compiler)) return compiler;
	const { name, path } = compiler;
	const at = `${await preparing.temp()}/gpu`;
	const isRust = name === "rustc";
	const source = `${at}/${isRust ? "main.rs" : "main.c"}`;
	const program = `${at}/main`;
	const args = isRust ? ["-C", "target-feature=-crt-static", "-o", program, source] : ["-o", program, source, "-ldl"];
	const env = { LC_ALL: "C", RUSTUP_AUTO_INSTALL: "0", RUSTUP_DIST_SERVER: "file:///dev/null" };
	return {
		kind: "ready",
		subject: name,
		sequences: [
			{
				name: "gpu",
				steps: [
					{
						command: [path, ...args],
						cwd: "/",
						env: { ...env, TMPDIR: at },
						files: { [source]: isRust ? inRust : inC },
					},
					{ command: [program], cwd: "/", env },
				],
			},
		],
	};
}

async function findCompiler(
	preparing: Preparing,
): Promise<{ name: string; path: string } | Exclude<Prepared, { kind: "ready" }>> {
	const { tools } = preparing.request.policy;
	let untrusted: Exclude<Prepared, { kind: "ready" }> | undefined;
	for (const name of compilers) {
		const found = await programFor(preparing, name, toolProbe(name, tools[name]?.command ?? [name, "--version"]));
		if (typeof found === "string") return { name, path: found };
		if (found.kind !== "absent") untrusted ??= found;
	}
	return untrusted ?? { kind: "absent", what: "compiler" };
}
