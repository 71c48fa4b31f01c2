/**
 * A step of a check that knows whether anybody awaited it. A forgotten `await` would let a check pass
 * without having looked, so it makes the check `broken`.
 */
class Step<T> extends Promise<T> {
  awaited = false

  // `await` looks up `then` on everything that is not a plain Promise.
  // oxlint-disable-next-line unicorn/no-thenable
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.awaited = true
    return super.then(onFulfilled, onRejected)
  }

  // What `then` makes is an ordinary promise.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
}

/** All steps of one check. */
export class Steps {
  readonly #steps: { step: Step<unknown>; name: string }[] = []

  /** Starts a step; the check has to await what comes back. */
  take<T>(name: string, action: () => Promise<T>): Promise<T> {
    const step = new Step<T>((resolve, reject) => {
      action().then(resolve, reject)
    })
    // A step that fails after its check has ended must not bring the grader down.
    void Promise.prototype.then.call(step, undefined, () => undefined)
    this.#steps.push({ step, name })
    return step
  }

  /** The names of the steps that nobody awaited. */
  forgotten(): string[] {
    return this.#steps.filter(({ step }) => !step.awaited).map(({ name }) => name)
  }
}
