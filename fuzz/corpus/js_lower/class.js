class A extends B { #x = 1; static y = 2; constructor() { super(); this.#x++; } get z() { return super.z; } async *[w]() { yield* this; } }
