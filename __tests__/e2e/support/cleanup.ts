type Step = () => unknown;

/** What has to be undone, last thing first: an AsyncDisposableStack, which Node 20 lacks. */
export class Cleanup implements AsyncDisposable {
	readonly #steps: Step[] = [];

	add(step: Step): void {
		this.#steps.push(step);
	}

	use<T extends AsyncDisposable>(resource: T): T {
		this.add(() => resource[Symbol.asyncDispose]());
		return resource;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) await step();
	}
}
